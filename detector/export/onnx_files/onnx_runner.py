"""Run an `.onnx` file of ours in ONNX Runtime, on one core."""

import time
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from detector.export.onnx_files import onnx_model
from detector.frames.objects import Detected

_NAMES = list(onnx_model.detections(0))


class OnnxRunner:
    """The file with NMS, or the raw one, whose time is without the NMS that follows it here."""

    def __init__(self, path: Path) -> None:
        self._network = _session(path.read_bytes())
        shapes = {output.name: output.shape for output in self._network.get_outputs()}
        self._raw = list(shapes) != _NAMES
        if self._raw:
            _, anchors, labels = shapes["scores"]
            suppression = onnx_model.suppression_of(self._network.get_modelmeta().custom_metadata_map)
            self._suppressor = _session(onnx_model.suppressor(anchors, labels, suppression))

    def detect(self, picture: NDArray[np.uint8]) -> tuple[Detected, float]:
        """What is found on a picture [S, S, 3], and the seconds that the model took."""
        image = np.ascontiguousarray(picture.transpose(2, 0, 1)[np.newaxis], np.float32)
        began = time.perf_counter()
        found = self._network.run(None, {onnx_model.IMAGE: image})
        seconds = time.perf_counter() - began
        if self._raw:
            found = self._suppressor.run(None, dict(zip(onnx_model.ALL, found, strict=True)))
        boxes, labels, scores, count = found
        most = int(count[0])
        return Detected(boxes[0, :most], scores[0, :most], labels[0, :most]), seconds


def _session(model: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
