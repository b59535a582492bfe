"""One sample as it came -> one record as it goes into a shard, noting what had to be changed."""

from dataclasses import replace

from datasets.formats.common.samples import PixelBox, Sample
from datasets.reasons import Note, Reason
from datasets.repairs import Kind, Repairs
from datasets.tfrecords import Box, Record
from ftcml.core.pictures.object_sizes import LEAST_SIDE
from ftcml.core.pictures.upright import UprightPicture

Size = tuple[int, int]

# Two sizes are of the same shape when their width : height differ by less than this part, which rounding explains.
_SAME_SHAPE = 0.01
# Formats round: so much of a pixel over the border is no mistake, and no pixel is lost by being written and read.
_ROUNDING = 0.02
# So much of a side may boxes of careless people and of models reach over a border.
_OVER_BORDER = 0.02
# Of a pixel: boxes that differ by less are one.
_DECIMALS = 2
# What an EXIF orientation does to a picture: it is mirrored across, then down, then its axes change places.
_MIRRORED_ACROSS, _MIRRORED_DOWN, _QUARTER_TURNS = (2, 3, 7, 8), (3, 4, 6, 7), (5, 6, 7, 8)


def record_of(sample: Sample, picture: UprightPicture, repairs: Repairs) -> Record | None:
    """Return the sample's upright picture with its usable boxes; None for a frame that must be left out.

    That is a frame whose boxes were all dropped. It shows an object, so it must not teach "nothing is here".
    """
    boxes = usable_boxes(sample, picture, repairs)
    if sample.objects and not boxes:
        repairs.add(Kind.FRAME_SKIPPED, sample.filename, Reason(Note.NO_BOX_USABLE))
        return None
    return Record(sample.filename, picture.jpeg, picture.width, picture.height, boxes, picture.fingerprint)


def usable_boxes(sample: Sample, picture: UprightPicture, repairs: Repairs) -> list[Box]:
    """Return the boxes of a sample that can be used, on its upright picture."""
    _note_form(sample, picture, repairs)
    return _usable(sample, picture, repairs)


def clipped(box: PixelBox, width: int, height: int) -> PixelBox | None:
    """The part of the box inside the picture; None for an inverted box and where less than a pixel is left."""
    inside = PixelBox(
        box.label, max(box.xmin, 0.0), max(box.ymin, 0.0), min(box.xmax, float(width)), min(box.ymax, float(height))
    )
    has_area = inside.xmax - inside.xmin >= LEAST_SIDE and inside.ymax - inside.ymin >= LEAST_SIDE
    return inside if has_area else None


def drawn_on(sample: Sample, picture: UprightPicture) -> Size:
    """The size of the picture that the sample's boxes were drawn on.

    Programs that show a picture upright may state the size in which it is stored, so that size doesn't count where a
    format knows better, nor where a box fits the upright picture alone.
    """
    size = sample.size or (picture.stored_size if sample.is_drawn_upright is False else picture.size)
    if sample.is_drawn_upright is False or size == picture.size or not _same_shape(size, picture.stored_size):
        return size
    upright = size[::-1] if picture.size == picture.stored_size[::-1] else size
    if sample.is_drawn_upright or (_reach_over(sample.boxes, size) and not _reach_over(sample.boxes, upright)):
        return upright
    return size


def on_upright(box: PixelBox, drawn_on: Size, picture: UprightPicture, as_stored: bool = False) -> PixelBox:
    """The box in pixels of the upright picture, by the size of the picture that it was drawn on.

    That tells whether it was drawn before the camera's rotation was applied, after it (also assumed where the size
    cannot tell, since viewers show pictures upright), or on a smaller or larger copy. A size of any other shape is
    taken for a mistake, and the box for pixels. `as_stored`: that it was drawn before the rotation is known already.
    """
    if as_stored:
        stored = _scaled(box, drawn_on, picture.stored_size) if _same_shape(drawn_on, picture.stored_size) else box
        return _turned(stored, picture.stored_size, picture.orientation)
    if _same_shape(drawn_on, picture.size):
        return _scaled(box, drawn_on, picture.size)
    if _same_shape(drawn_on, picture.stored_size):
        return _turned(_scaled(box, drawn_on, picture.stored_size), picture.stored_size, picture.orientation)
    return box


def _usable(sample: Sample, picture: UprightPicture, repairs: Repairs) -> list[Box]:
    size = drawn_on(sample, picture)
    as_stored = sample.is_drawn_upright is False
    placed = [on_upright(box, size, picture, as_stored) for box in sample.boxes]
    inside = [clipped(box, picture.width, picture.height) for box in placed]
    usable = [box for box in inside if box]
    kept = _once_each(usable)
    cut = sum(after is not None and _is_cut(before, after) for before, after in zip(placed, inside, strict=True))
    dropped, twice = sample.objects - len(usable), len(usable) - len(kept)
    if cut:
        repairs.add(Kind.BOX_CLIPPED, sample.filename, Reason(Note.BOXES_CUT, {"boxes": cut}))
    if dropped:
        note = Reason(Note.BOXES_DROPPED, {"boxes": dropped})
        repairs.add(Kind.BOX_DROPPED, sample.filename, note, boxes=dropped)
    if twice:
        repairs.add(Kind.DUPLICATE_BOX, sample.filename, Reason(Note.BOXES_TWICE, {"boxes": twice}))
    return [_fractions(box, picture) for box in kept]


def _once_each(boxes: list[PixelBox]) -> list[PixelBox]:
    found: dict[tuple[str, float, float, float, float], PixelBox] = {}
    for box in boxes:
        found.setdefault(_rounded(box), box)
    return list(found.values())


def _rounded(box: PixelBox) -> tuple[str, float, float, float, float]:
    """What tells boxes apart: less than their own rounding does not."""
    xmin, ymin, xmax, ymax = (round(side, _DECIMALS) for side in (box.xmin, box.ymin, box.xmax, box.ymax))
    return box.label, xmin, ymin, xmax, ymax


def _reach_over(boxes: list[PixelBox], size: Size) -> bool:
    """Whether a box reaches so far over the right or lower border that it was not drawn on a picture of this size."""
    room = (size[0] * (1 + _OVER_BORDER), size[1] * (1 + _OVER_BORDER))
    return any(box.xmax > room[0] or box.ymax > room[1] for box in boxes)


def _is_cut(before: PixelBox, after: PixelBox) -> bool:
    over = before.xmin - after.xmin, before.ymin - after.ymin, before.xmax - after.xmax, before.ymax - after.ymax
    return max(map(abs, over)) > _ROUNDING


def _note_form(sample: Sample, picture: UprightPicture, repairs: Repairs) -> None:
    if picture.is_completed:
        repairs.add(Kind.COMPLETED, sample.filename, Reason(Note.LAST_BYTES_PUT_BACK))
    size = drawn_on(sample, picture)
    if picture.orientation != 1:
        note = _with_boxes(sample, size, picture) if sample.boxes else Note.ROTATED
        repairs.add(Kind.ROTATED, sample.filename, Reason(note))
    if size not in (picture.size, picture.stored_size):
        is_copy = _same_shape(size, picture.size) or _same_shape(size, picture.stored_size)
        done = Note.BOXES_SCALED if is_copy else Note.BOXES_TAKEN_FOR_PIXELS
        own_width, own_height = picture.size
        sizes = {"width": size[0], "height": size[1], "own_width": own_width, "own_height": own_height}
        repairs.add(Kind.SIZE_DIFFERS, sample.filename, Reason(done, {**sizes}))


def _with_boxes(sample: Sample, size: Size, picture: UprightPicture) -> Note:
    """What the rotation did to the boxes, and whether that is certain."""
    if sample.is_drawn_upright is not None:
        return Note.ROTATED if sample.is_drawn_upright else Note.ROTATED_WITH_BOXES
    if _same_shape(size, picture.stored_size) and not _same_shape(size, picture.size):
        return Note.ROTATED_WITH_BOXES_UNSURE
    if sample.size and _same_shape(size, picture.size) and not _same_shape(picture.size, picture.stored_size):
        return Note.ROTATED
    return Note.ROTATED_BOXES_PLACED


def _same_shape(one: Size, other: Size) -> bool:
    return abs(one[0] * other[1] - other[0] * one[1]) <= _SAME_SHAPE * other[0] * one[1]


def _scaled(box: PixelBox, drawn_on: Size, size: Size) -> PixelBox:
    if drawn_on == size:
        return box
    x, y = size[0] / drawn_on[0], size[1] / drawn_on[1]
    return PixelBox(box.label, box.xmin * x, box.ymin * y, box.xmax * x, box.ymax * y)


def _turned(box: PixelBox, stored: Size, orientation: int) -> PixelBox:
    """The box of a stored picture as it lies once the EXIF orientation, 1 to 8, is applied."""
    width, height = stored
    if orientation in _MIRRORED_ACROSS:
        box = replace(box, xmin=width - box.xmax, xmax=width - box.xmin)
    if orientation in _MIRRORED_DOWN:
        box = replace(box, ymin=height - box.ymax, ymax=height - box.ymin)
    if orientation in _QUARTER_TURNS:
        return PixelBox(box.label, box.ymin, box.xmin, box.ymax, box.xmax)
    return box


def _fractions(box: PixelBox, picture: UprightPicture) -> Box:
    return Box(
        box.label,
        ymin=box.ymin / picture.height,
        xmin=box.xmin / picture.width,
        ymax=box.ymax / picture.height,
        xmax=box.xmax / picture.width,
    )
