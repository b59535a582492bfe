"""Where starting weights come from: graphs inside registry packages, read by name and never
copied, and archives of the TF2 Detection Zoo that somebody installed.

Each source is read into the canonical names of named_weights.py. catalog.py says which ones a starting model tries, in
order.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from detector.contract.catalog import Source
from detector.weights import source_coco_ssd, source_handtrack, source_ssdlite, source_zoo
from detector.weights.named_weights import Weights


def _coco_handtrack(source: Source) -> Weights:
    """COCO's backbone with the pyramid of hands and faces, which is to be fitted to it."""
    backbone = source_coco_ssd.read(source, only="backbone").values
    whole = source_handtrack.read(replace(source, path=source.pyramid))
    former = {name: whole.values[name] for name in backbone}
    return replace(whole, values={**whole.values, **backbone}, former_backbone=former)


_READERS: dict[str, Callable[[Source], Weights]] = {
    "coco-ssd": source_coco_ssd.read,
    "coco-ssd-backbone": partial(source_coco_ssd.read, only="backbone"),
    "ssdlite": source_ssdlite.read,
    "ssdlite-backbone": partial(source_ssdlite.read, only="backbone"),
    "coco-handtrack-320": _coco_handtrack,
    "coco-handtrack-640": _coco_handtrack,
    "handtrack-320": source_handtrack.read,
    "handtrack-640": source_handtrack.read,
    "zoo": source_zoo.read,
}


def read(source: Source) -> Weights:
    """The weights of a source that is there. Raises KeyError where it does not have what it should."""
    return _READERS[source.key](source)
