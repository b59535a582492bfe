"""How many of the small objects each starting model finds, as it was measured. Pure Python: the pages say so.

`make bench BENCH=recall_by_size` measures it, on rendered frames of a far field.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from detector.contract import catalog


@dataclass(frozen=True)
class RecallBySize:
    """The part of the objects that are found where nine in ten boxes are right, 0 to 1, by their size.

    A size is the shorter side in pixels of a frame that was scaled to 320x320, whatever the model's own input is:
    under 10, 10 to 16, and 16 to 32.
    """

    under_10: float
    from_10: float
    from_16: float


# By the starting model's name; one that is missing was not measured.
MEASURED: Mapping[str, RecallBySize] = {
    "SSD MobileNet v2 320x320": RecallBySize(0.64, 0.83, 0.91),
    "SSD MobileNet V2 FPNLite 320x320": RecallBySize(0.11, 0.20, 0.82),
    "SSD MobileNet V2 far field 320x320": RecallBySize(0.85, 0.99, 0.99),
}


def finders(measured: Mapping[str, RecallBySize] | None = None) -> list[tuple[str, float]]:
    """Return the default model and then the one that finds most objects under 10 pixels, each with that part of them.

    The default alone where no other finds more; none where that isn't known.
    """
    known = MEASURED if measured is None else measured
    if catalog.DEFAULT not in known:
        return []
    best = max(known, key=lambda name: (known[name].under_10, name == catalog.DEFAULT))
    return [(name, known[name].under_10) for name in dict.fromkeys([catalog.DEFAULT, best])]
