"""What several COCO files say of one picture, put together or, where they contradict each other, chosen from."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from datasets.formats.samples import PixelBox
from datasets.refusals import DatasetRefused
from datasets.repairs import Kind, Repairs
from datasets.split import Split

_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d))?")
_SAYS_OLD = re.compile(r"(^|[^a-z])(old|older|backup|bak|before|previous|copy)([^a-z]|$)")


@dataclass(slots=True)
class Listing:
    """What one file says of one picture. `boxes` are those of `objects` that can be used; `crowds` are beside them.

    `times`: how often the file lists the picture.
    """

    file: str
    size: tuple[int, int] | None = None
    split: Split | None = None
    boxes: list[PixelBox] = field(default_factory=list)
    objects: int = 0
    crowds: int = 0
    times: int = 0
    is_drawn_upright: bool | None = None


Age = tuple[bool, str, tuple[int, ...]]


def age(name: str, date: str, written: tuple[int, ...]) -> Age:
    """How new a file is, the newer the larger: by its name, by the date in it, by the date in the zip."""
    found = _DATE.match(date.strip())
    return (not _SAYS_OLD.search(name.lower()), " ".join(found.groups("")) if found else "", written)


def joined(picture: str, listings: list[Listing], age_of: Callable[[str], Age], repairs: Repairs) -> Listing:
    """One listing of the picture. Boxes that two files share are taken once, and different labels from each file.

    Where files have different boxes of one label, those of the newest count. Raises DatasetRefused where that can't be
    told.
    """
    whole = next((listing for listing in listings if listing.size), listings[0])
    if sum(listing.times for listing in listings) == 1:
        return whole
    drawn = [listing for listing in listings if listing.objects or listing.crowds] or listings[:1]
    if len({frozenset(listing.boxes) for listing in drawn}) > 1 and _share_labels(drawn):
        return _newest(picture, drawn, age_of, repairs)
    boxes = list(dict.fromkeys(box for listing in drawn for box in listing.boxes))
    unusable = sum(listing.objects - len(listing.boxes) for listing in drawn)
    repairs.add(Kind.LISTED_TWICE, picture, "Listed more than once: its boxes were put together.")
    crowds = max(listing.crowds for listing in drawn)
    split = next((listing.split for listing in listings if listing.split), None)
    return Listing(
        whole.file, whole.size, split, boxes, len(boxes) + unusable, crowds, is_drawn_upright=whole.is_drawn_upright
    )


def _share_labels(listings: list[Listing]) -> bool:
    """Whether a label has boxes in two of the files."""
    labels = [label for listing in listings for label in {box.label for box in listing.boxes}]
    return len(labels) > len(set(labels))


def _newest(picture: str, listings: list[Listing], age_of: Callable[[str], Age], repairs: Repairs) -> Listing:
    newest, second, *_ = sorted(listings, key=lambda listing: age_of(listing.file), reverse=True)
    if age_of(newest.file) == age_of(second.file):
        raise DatasetRefused(
            f"“{second.file}” and “{newest.file}” both say where the objects in “{picture}” are, and not the same. "
            "Leave the older of the two files out of the zip, then import it again."
        )
    others = ", ".join(f"“{listing.file}”" for listing in listings if listing is not newest)
    text = f"The boxes of “{newest.file}” were used, the newest; {others} has others."
    lost = sum(len(listing.boxes) for listing in listings if listing is not newest)
    repairs.add(Kind.OTHER_FILE_USED, picture, text, boxes=lost)
    return newest
