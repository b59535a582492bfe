"""Boxes that a program proposes: they wait until a person accepts, corrects or rejects them.

They never come into a frame that a person has finished or ignored, nor where a box of that label is already.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from ftcml.accounts.models import Team
from videos.labeling import changes, labels
from videos.labeling.box_looks import Corners, cut_off, is_a_box
from videos.labeling.which_frames import UNLABELED
from videos.models import Box, Frame, Label, Video

# Boxes that have so much in common (intersection over union) show the same object.
SAME_OBJECT = 0.45


@dataclass(frozen=True)
class Proposal:
    """A box to propose. `key`: the same whenever it is proposed. `score`: how sure the program is, from 0 to 1."""

    key: UUID
    label: str
    corners: Corners
    score: float


@dataclass(frozen=True)
class FrameProposals:
    """The boxes for one frame. Earlier proposals whose keys aren't in `kept` are withdrawn: another model made them."""

    boxes: Sequence[Proposal]
    kept: Collection[UUID] = ()


def propose(video: Video, proposed: Mapping[int, FrameProposals]) -> set[UUID]:
    """Write boxes into frames, by the frames' keys, and return the keys of those that were written.

    Raises VideoRefused where the team can't have another label.
    """
    with transaction.atomic():
        named = _labels(video.team, proposed.values())  # locks the team: before the video, as everywhere
        number = changes.next_number(video.pk)
        frames = Frame.objects.filter(UNLABELED, video=video, pk__in=proposed).prefetch_related("boxes__label")
        new: list[Box] = []
        old: list[int] = []
        for frame in frames:
            withdrawn = [box for box in frame.boxes.all() if _is_open(box) and box.key not in proposed[frame.pk].kept]
            staying = [box for box in frame.boxes.all() if box not in withdrawn]
            old += [box.pk for box in withdrawn]
            new += _new(frame, proposed[frame.pk].boxes, staying, named)
        _write(number, old, new)
    return {box.key for box in new}


def withdraw(video: Video, first: int = 0, last: int | None = None) -> int:
    """Remove the proposals that no one has accepted, in frames of these numbers; return how many they were."""
    with transaction.atomic():
        number = changes.next_number(video.pk)
        boxes = open_proposals(video).filter(frame__number__gte=first)
        boxes = boxes if last is None else boxes.filter(frame__number__lte=last)
        old = list(boxes.values_list("pk", flat=True))
        _write(number, old, [])
    return len(old)


def open_proposals(video: Video) -> "QuerySet[Box]":
    """Return the proposals that wait for a person."""
    return Box.objects.filter(frame__video=video, origin=Box.Origin.PROPOSED, confirmed=False)


def overlap(one: Corners, other: Corners) -> float:
    """Return what two boxes have in common: intersection over union, from 0 to 1."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    both = width * height
    return both / (_area(one) + _area(other) - both)


def corners_of(box: Box) -> Corners:
    """Return the corners of a stored box."""
    return box.xmin, box.ymin, box.xmax, box.ymax


def _area(corners: Corners) -> float:
    return (corners[2] - corners[0]) * (corners[3] - corners[1])


def _labels(team: Team, proposed: Iterable[FrameProposals]) -> dict[str, Label]:
    names = sorted({box.label for frame in proposed for box in frame.boxes})
    return labels.named(team, names) if names else {}


def _is_open(box: Box) -> bool:
    return box.origin == Box.Origin.PROPOSED and not box.confirmed


def _new(frame: Frame, proposed: Sequence[Proposal], there: Sequence[Box], named: Mapping[str, Label]) -> list[Box]:
    """The rows of those that show an object which no box of that label shows yet, the surest first."""
    taken = [(box.label_id, corners_of(box)) for box in there]
    keys = {box.key for box in there}
    rows = []
    for box in sorted(proposed, key=lambda box: -box.score):
        corners, label = cut_off(box.corners, frame), named[box.label]
        is_there = any(label.pk == other and overlap(corners, its) >= SAME_OBJECT for other, its in taken)
        if is_there or not is_a_box(corners) or box.key in keys or len(taken) >= settings.FRAME_MAX_BOXES:
            continue
        taken.append((label.pk, corners))
        rows.append(_row(frame, box, corners, label))
    return rows


def _row(frame: Frame, proposal: Proposal, corners: Corners, label: Label) -> Box:
    xmin, ymin, xmax, ymax = corners
    return Box(
        frame=frame, key=proposal.key, label=label, xmin=xmin, ymin=ymin, xmax=xmax, ymax=ymax,
        origin=Box.Origin.PROPOSED, confirmed=False, score=proposal.score,
    )  # fmt: skip


def _write(number: int, old: Sequence[int], new: Sequence[Box]) -> None:
    """Remove boxes and add others, as the video's change of that number."""
    changed = {*Box.objects.filter(pk__in=old).values_list("frame_id", flat=True), *(box.frame_id for box in new)}
    Box.objects.filter(pk__in=old).delete()
    Box.objects.bulk_create(new)
    changes.mark(Frame.objects.filter(pk__in=changed), number)
