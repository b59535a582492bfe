"""Write a detector as `.onnx` files: one with the boxes and scores of all anchors, one with the detections alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tensorflow as tf

from detector.contract import attempt_files
from detector.contract.model_variants import ONNX_NMS, ONNX_RAW, PIXEL_MEAN, PIXEL_STD, model_name
from detector.contract.suppression import Suppression
from detector.export.metadata import ModelCard
from detector.export.onnx_files.decoding import add_boxes, add_detections
from detector.export.onnx_files.nodes import FLOAT, INT, Nodes, Shape
from detector.export.onnx_files.translation import Translation
from detector.export.tflite import Exporter
from detector.network import Detector

IMAGE = "image"
# What a program can read in the file: the labels, one a line, the first of class id 0; what the pixels are; after which
# convolutions to cut the network for an accelerator that runs nothing else, one a line; and the rule of NMS.
LABELS, PIXELS, LAST_CONVOLUTIONS = "labels", "pixels", "last_convolutions"
MAX_DETECTIONS, IOU, MIN_SCORE = "nms_max_detections", "nms_iou", "nms_min_score"

# The boxes and scores of all anchors, inside the file with NMS.
ALL = ("all_boxes", "all_scores")

Tensors = Mapping[str, tuple[int, Shape]]


def write_raw(exporter: Exporter, folder: Path) -> None:
    attempt_files.write_atomically(folder / model_name(ONNX_RAW), OnnxModel.of(exporter).raw())


def write_with_nms(exporter: Exporter, folder: Path) -> None:
    attempt_files.write_atomically(folder / model_name(ONNX_NMS), OnnxModel.of(exporter).with_nms())


@dataclass(frozen=True)
class OnnxModel:
    """One detector. `network`: see tflite.frozen. `card`: as in its other files, with the rule against doubles."""

    network: tf.types.experimental.ConcreteFunction
    detector: Detector
    card: ModelCard

    @classmethod
    def of(cls, exporter: Exporter) -> "OnnxModel":
        return cls(exporter.network, exporter.detector, exporter.card)

    def raw(self) -> bytes:
        """Return the file that gives boxes [1, N, 4] and scores [1, N, L], of every anchor and label.

        In: image [1, 3, S, S], red, green and blue, each value as the picture has it, 0 to 255, in float32. Boxes are
        top, left, bottom and right in fractions of the sides, and may reach over the border.
        """
        nodes = Nodes()
        last = self._add_network(nodes, "boxes", "scores")
        count, labels = len(self.detector.anchors), self.detector.label_count
        return self._file(nodes, last, {"boxes": (FLOAT, (1, count, 4)), "scores": (FLOAT, (1, count, labels))})

    def with_nms(self) -> bytes:
        """Return the file that gives of the same image what the `.tflite` files give; see detections."""
        nodes = Nodes()
        last = self._add_network(nodes, *ALL)
        add_detections(nodes, *ALL, self.card.suppression)
        return self._file(nodes, last, detections(self.card.suppression.max_detections))

    def _add_network(self, nodes: Nodes, boxes: str, scores: str) -> list[str]:
        """Add all from the picture to boxes and scores. Returns the names of the last convolutions."""
        factor = nodes.constant("pixels/factor", np.full([1, 3, 1, 1], 1 / PIXEL_STD))
        offset = nodes.constant("pixels/offset", np.full([1, 3, 1, 1], -PIXEL_MEAN / PIXEL_STD))
        scaled = nodes.add("Mul", [IMAGE, factor], "pixels/scaled")
        centered = nodes.add("Add", [scaled, offset], "pixels/centered")
        translation = Translation(nodes)
        translation.translate(self.network, centered, ["encodings", scores])
        add_boxes(nodes, "encodings", self.detector.anchors, self.detector.box_scales, boxes)
        return translation.last_convolutions

    def _file(self, nodes: Nodes, last_convolutions: list[str], outputs: Tensors) -> bytes:
        size = self.detector.input_size
        properties = {
            LABELS: "\n".join(self.card.label_names),
            PIXELS: "red, green, blue, 0 to 255",
            LAST_CONVOLUTIONS: "\n".join(last_convolutions),
            MAX_DETECTIONS: str(self.card.suppression.max_detections),
            IOU: str(self.card.suppression.iou),
            MIN_SCORE: str(self.card.suppression.min_score),
        }
        return nodes.model(
            self.card.name, {IMAGE: (FLOAT, (1, 3, size, size))}, outputs, self.card.description, properties
        )


def suppression_of(properties: Mapping[str, str]) -> Suppression:
    """Read the rule that is in a file."""
    return Suppression(int(properties[MAX_DETECTIONS]), float(properties[IOU]), float(properties[MIN_SCORE]))


def suppressor(anchors: int, labels: int, suppression: Suppression) -> bytes:
    """Return what of the file with NMS follows the raw one, as a model of its own."""
    nodes = Nodes()
    add_detections(nodes, *ALL, suppression)
    inputs: Tensors = dict(zip(ALL, ((FLOAT, (1, anchors, 4)), (FLOAT, (1, anchors, labels))), strict=True))
    return nodes.model("nms", inputs, detections(suppression.max_detections))


def detections(most: int) -> Tensors:
    """The outputs: boxes within the picture, class ids from 0, scores, the best first, and how many of them are real.

    Behind the last detection are zeros.
    """
    return {
        "boxes": (FLOAT, (1, most, 4)),
        "labels": (INT, (1, most)),
        "scores": (FLOAT, (1, most)),
        "count": (INT, (1,)),
    }
