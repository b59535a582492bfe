"""MobileNetV2's trained layers alone, of the graph that our detector starts from, with their batch norms."""

from collections.abc import Sequence

from training.detector import catalog, sources, weights
from training.detector.parts import Part


def fill(parts: Sequence[Part]) -> None:
    """Fill the parts of MobileNetV2, of full width; others are left as they are."""
    weights.fill(parts, sources.read(catalog.packaged("ssdlite-backbone")))
