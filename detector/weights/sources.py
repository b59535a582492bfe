"""Where starting weights come from: graphs inside registry packages, read by name and never
copied, and archives of the TF2 Detection Zoo that somebody installed.

Each source is read into the canonical names of named_weights.py. catalog.py says which ones a starting model tries, in
order.
"""

from collections.abc import Callable
from functools import partial

from detector.contract.catalog import Source
from detector.weights import source_coco_ssd, source_handtrack, source_ssdlite, source_zoo
from detector.weights.named_weights import Weights

_READERS: dict[str, Callable[[Source], Weights]] = {
    "coco-ssd": source_coco_ssd.read,
    "coco-ssd-backbone": partial(source_coco_ssd.read, only="backbone"),
    "ssdlite": source_ssdlite.read,
    "ssdlite-backbone": partial(source_ssdlite.read, only="backbone"),
    "handtrack-320": source_handtrack.read,
    "handtrack-640": source_handtrack.read,
    "zoo": source_zoo.read,
}


def read(source: Source) -> Weights:
    """The weights of a source that is there. Raises KeyError where it does not have what it should."""
    return _READERS[source.key](source)
