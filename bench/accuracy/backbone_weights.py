"""MobileNetV2's trained layers alone, of the graph that our detector starts from, with their batch norms."""

from collections.abc import Sequence

from detector.contract import catalog
from detector.model.parts import Part
from detector.weights import named_weights, sources


def fill(parts: Sequence[Part]) -> None:
    """Fill the parts of MobileNetV2, of full width; others are left as they are."""
    source = catalog.packaged("ssdlite-backbone")
    assert source
    named_weights.fill(parts, sources.read(source))
