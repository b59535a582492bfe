"""What several COCO files say of one picture, put together or, where they contradict each other, chosen from."""

from datasets.formats.coco.coco_listings import Drawing, Listing, place
from datasets.formats.coco.coco_versions import Fate, Versions
from datasets.formats.common.samples import PixelBox
from datasets.reasons import Code, Note, Reason
from datasets.refusals import DatasetRefused
from datasets.repairs import Kind, Repairs


def joined(picture: str, listings: list[Listing], versions: Versions, repairs: Repairs) -> Listing:
    """One listing of the picture. Boxes that two files share are taken once.

    What an older version of the same work says is left out; so is the picture, where it can't be told whether it is
    one. Raises DatasetRefused where two files have different boxes of one label, and neither is the newer.
    """
    if sum(listing.times for listing in listings) == 1:
        return listings[0]
    kept: list[Drawing] = []
    replaced: list[tuple[Drawing, Drawing]] = []
    for drawing in map(Drawing, versions.newest_first(listings)):
        fates = {versions.fate(other, drawing): other for other in kept[::-1]}
        if Fate.REPLACED in fates:
            replaced.append((fates[Fate.REPLACED], drawing))
        elif Fate.CONTRADICTED in fates:
            raise _contradicted(picture, fates[Fate.CONTRADICTED], drawing)
        elif Fate.UNCLEAR in fates:
            return _left_out(picture, fates[Fate.UNCLEAR], drawing, repairs)
        else:
            kept.append(drawing)
    if replaced:
        _note_replaced(picture, replaced, repairs)
    files = {drawing.file for drawing in kept}
    used = [listing for listing in listings if listing.file in files]
    return used[0] if replaced and len(used) == 1 else _together(picture, used, repairs, is_said=bool(replaced))


def _together(picture: str, listings: list[Listing], repairs: Repairs, is_said: bool) -> Listing:
    whole = next((listing for listing in listings if listing.size), listings[0])
    drawn = [listing for listing in listings if listing.objects or listing.crowds]
    boxes = list(dict.fromkeys(box for listing in drawn for box in listing.boxes))
    unusable = sum(listing.objects - len(listing.boxes) for listing in drawn)
    if len(drawn) > 1 or not is_said:
        note = Note.PUT_TOGETHER_UNSURE if _differ(boxes) else Note.PUT_TOGETHER
        repairs.add(Kind.LISTED_TWICE, picture, Reason(note))
    crowds = max((listing.crowds for listing in drawn), default=0)
    split = next((listing.split for listing in listings if listing.split), None)
    return Listing(
        whole.file, whole.size, split, boxes, len(boxes) + unusable, crowds, is_drawn_upright=whole.is_drawn_upright
    )


def _differ(boxes: list[PixelBox]) -> bool:
    """Whether boxes at the same place have different labels."""
    return len({place(box) for box in boxes}) < len({(box.label, place(box)) for box in boxes})


def _note_replaced(picture: str, replaced: list[tuple[Drawing, Drawing]], repairs: Repairs) -> None:
    newest = replaced[0][0]
    code = Note.NEWEST_FILE_USED if newest.is_drawn else Note.NEWER_FILE_HAS_NONE
    note = Reason(code, {"file": newest.file, "others": [older.file for _, older in replaced]})
    repairs.add(Kind.OTHER_FILE_USED, picture, note, boxes=sum(len(older.listing.boxes) for _, older in replaced))


def _left_out(picture: str, one: Drawing, other: Drawing, repairs: Repairs) -> Listing:
    note = Reason(Note.FILES_DISAGREE, {"one": one.file, "other": other.file})
    repairs.add(Kind.UNCLEAR, picture, note, boxes=one.listing.objects + other.listing.objects)
    return Listing(one.file, is_left_out=True)


def _contradicted(picture: str, one: Drawing, other: Drawing) -> DatasetRefused:
    return DatasetRefused(Code.FILES_CONTRADICT, one=one.file, other=other.file, picture=picture)
