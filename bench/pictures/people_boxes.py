"""Boxes around the people in a picture, for a visit that needs labels and has no person to draw them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import tensorflow as tf
from PIL import Image

from detector.weights import source_ssdlite

_PERSON = 1


@dataclass(frozen=True)
class PersonBox:
    """Corners in pixels of the picture."""

    xmin: float
    ymin: float
    xmax: float
    ymax: float


class PeopleFinder:
    """The pedestrian detector whose weights trainings begin with."""

    def __init__(self) -> None:
        graph = tf.Graph()
        with graph.as_default():
            tf.import_graph_def(source_ssdlite.graph(), name="")
        self._session = tf.compat.v1.Session(graph=graph)

    def find(self, picture: Image.Image, confidence: float = 0.5) -> list[PersonBox]:
        """Return the people that it is at least that sure of."""
        names = [f"{name}:0" for name in ("detection_boxes", "detection_scores", "detection_classes")]
        pixels = np.asarray(picture.convert("RGB"))[None]
        boxes, scores, classes = (found[0] for found in self._session.run(names, {"image_tensor:0": pixels}))
        return list(_people(picture.size, boxes, (scores >= confidence) & (classes == _PERSON)))


def _people(size: tuple[int, int], boxes: np.ndarray, chosen: np.ndarray) -> Iterator[PersonBox]:
    """`boxes`: shape (n, 4), fractions ymin xmin ymax xmax. `chosen`: shape (n,)."""
    width, height = size
    for ymin, xmin, ymax, xmax in boxes[chosen].tolist():
        yield PersonBox(xmin * width, ymin * height, xmax * width, ymax * height)
