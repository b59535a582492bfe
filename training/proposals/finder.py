"""A team's `.tflite` file in LiteRT, as a robot runs it, on frames of a video: docs/contributors/tflite.md."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray
from PIL import Image

from detector.contract.model_variants import PIXEL_MEAN, PIXEL_STD
from training.models import Detection

# Below it a detection says nothing, not even of how sure the model is.
LEAST_SCORE = 0.05
# The outputs' places, in the order in which our files have them.
_BOXES, _LABELS, _SCORES, _COUNT = range(4)
# The features are of the layer whose cells are so many pixels of the model's picture wide: an object of 1/20 of a frame
# fills a cell, and SSD finds most objects there.
_CELL_PIXELS = 16


@dataclass(frozen=True)
class Seen:
    """What a model makes of a picture. `features`: [cells down, cells across, values], not negative."""

    detections: list[Detection]
    features: NDArray[np.float32]


class Finder:
    """One model file. `labels`: in the order of the model's answers."""

    def __init__(self, path: Path, labels: Sequence[str]) -> None:
        self._labels = labels
        with warnings.catch_warnings():
            # That all layers are kept takes memory, which the limits of a run allow for.
            warnings.simplefilter("ignore", UserWarning)
            self._model = Interpreter(str(path), num_threads=1, experimental_preserve_all_tensors=True)
        self._model.allocate_tensors()
        given = self._model.get_input_details()[0]
        self._input, self._size = given["index"], int(given["shape"][1])
        self._outputs = [output["index"] for output in self._model.get_output_details()]
        self._feature_layer = self._widest_layer()

    def look_at(self, picture: Image.Image, size: tuple[int, int]) -> Seen:
        """Return what the model finds in a picture, and its features. `size`: width and height of the frame."""
        width, height = size
        self._model.set_tensor(self._input, _as_input(picture, self._size))
        self._model.invoke()
        boxes, labels, scores, count = (self._model.get_tensor(index)[0] for index in self._outputs)
        sides = np.array([height, width, height, width])
        rows = zip(boxes * sides, labels.astype(int), scores, strict=True)
        found = [
            Detection(self._labels[label], (float(left), float(top), float(right), float(bottom)), float(score))
            for (top, left, bottom, right), label, score in list(rows)[: int(count)]
            if score >= LEAST_SCORE and left < right and top < bottom
        ]
        return Seen(found, np.maximum(self._model.get_tensor(self._feature_layer)[0], 0))

    def _widest_layer(self) -> int:
        """The last layer with the most values a cell before those that make boxes and scores of it."""
        cells = self._size // _CELL_PIXELS
        layers = [
            (int(tensor["shape"][3]), int(tensor["index"]))
            for tensor in self._model.get_tensor_details()
            if [int(side) for side in tensor["shape"][:3]] == [1, cells, cells]
            and len(tensor["shape"]) == 4
            and tensor["dtype"] is np.float32
            and "predictor" not in tensor["name"]
        ]
        return max(layers)[1]


def _as_input(picture: Image.Image, size: int) -> NDArray[np.float32]:
    """The picture squeezed to a square, as the model takes it."""
    picture.draft("RGB", (2 * size, 2 * size))  # of a JPEG, which is decoded in a quarter of the time
    pixels = np.asarray(picture.convert("RGB").resize((size, size), Image.Resampling.BILINEAR), np.float32)
    return ((pixels - PIXEL_MEAN) / PIXEL_STD)[np.newaxis]
