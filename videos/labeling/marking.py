"""Boxes of frames: replaced as a whole, by one person at a time, with what changed counted in the frame's version."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from ftcml.accounts.models import User
from ftcml.core import clock
from videos.labeling import changes, labels
from videos.labeling.box_looks import cut_off, is_a_box
from videos.labeling.frame_runs import folded, unfolded
from videos.labeling.which_frames import IGNORED_NEAR_DUPLICATES, OPEN_NEAR_DUPLICATES
from videos.models import Activity, Box, Frame, Label, Video
from videos.reasons import Code, Param
from videos.refusals import VideoRefused

# What a person does within it is one entry of the video's activity, whatever others do meanwhile.
_ONE_ENTRY = timedelta(hours=1)
# So many of a person's entries are looked through for one to add to: to ignore and to take in are of one kind.
_LATEST = 5


@dataclass(frozen=True)
class GivenBox:
    """A box as a person or a program gives it: corners in pixels of the frame."""

    label: str
    xmin: float
    ymin: float
    xmax: float
    ymax: float
    origin: str = Box.Origin.DRAWN
    confirmed: bool = True


def set_boxes(
    frame: Frame, given: Sequence[GivenBox], person: User | None, *, finished: bool, version: int | None = None
) -> int:
    """Replace all boxes of a frame, and return the frame's new version.

    Args:
        given: the boxes that the frame has afterwards; what reaches out of the frame is cut off.
        finished: whether all its boxes are there now. Without boxes that says: nothing here.
        version: the version that the caller changed. None overwrites whatever there is.

    Raises VideoRefused: CHANGED_MEANWHILE where someone else was faster; BAD_BOX, BAD_LABEL, TOO_MANY_BOXES,
    NOT_CONFIRMED.
    """
    _check(frame, given, finished)
    with transaction.atomic():  # the labels as well: what is refused makes none
        named = labels.named(frame.video.team, [box.label for box in given]) if given else {}
        boxes = [_box(frame, number, box, named[box.label], person) for number, box in enumerate(given, start=1)]
        if not changes.change(frame.video_id, _as_read(frame, version), finished=finished, review=Frame.Review.NONE):
            raise VideoRefused(Code.CHANGED_MEANWHILE)
        Box.objects.filter(frame=frame).delete()
        Box.objects.bulk_create(boxes)
        note(frame.video_id, person, Activity.Action.LABELED, [frame.number])
    frame.refresh_from_db(fields=["version", "finished"])
    return frame.version


def set_ignored(frame: Frame, ignored: bool, person: User | None) -> None:
    """Leave a frame out of datasets, or take it in again."""
    with transaction.atomic():
        rows = Frame.objects.filter(pk=frame.pk)
        changes.change(frame.video_id, rows, ignored=ignored, ignored_as_near_duplicate=False)
        note(frame.video_id, person, Activity.Action.IGNORED, [frame.number], ignored=ignored)
    frame.refresh_from_db(fields=["ignored", "version"])


def set_finished(frame: Frame, finished: bool, person: User | None, version: int | None = None) -> None:
    """Say that all boxes of a frame are there, or that they aren't. Without boxes: nothing here.

    A person who says so has looked at them: they count as confirmed. Raises VideoRefused as set_boxes does.
    """
    with transaction.atomic():
        if not changes.change(frame.video_id, _as_read(frame, version), finished=finished, review=Frame.Review.NONE):
            raise VideoRefused(Code.CHANGED_MEANWHILE)
        if finished:
            frame.boxes.filter(confirmed=False).update(confirmed=True)
        note(frame.video_id, person, Activity.Action.LABELED, [frame.number])
    frame.refresh_from_db(fields=["version", "finished"])


def check_version(frame: Frame, version: int | None) -> None:
    """Raise VideoRefused where a frame has another version by now. Until the transaction ends, it keeps this one.

    Call it in a transaction. None fits any version.
    """
    if version is None:
        return
    Video.everything.select_for_update().filter(pk=frame.video_id).first()
    if not _as_read(frame, version).exists():
        raise VideoRefused(Code.CHANGED_MEANWHILE)


def set_near_duplicates_ignored(video: Video, ignored: bool, person: User | None) -> int:
    """Ignore all near-duplicates that nobody labeled, or take those in again; return how many frames that were."""
    with transaction.atomic():
        number = changes.next_number(video.pk)
        found = video.frames.filter(OPEN_NEAR_DUPLICATES if ignored else IGNORED_NEAR_DUPLICATES)
        numbers = list(found.values_list("number", flat=True))
        changes.mark(found, number, ignored=ignored, ignored_as_near_duplicate=ignored)
        note(video.pk, person, Activity.Action.IGNORED, numbers, ignored=ignored)
    return len(numbers)


def note(video_id: UUID, person: User | None, action: Activity.Action, frames: Iterable[int], **same: Param) -> None:
    """Add the frames of these numbers to the person's last entry of this kind, if that isn't long ago.

    Each frame counts once in an entry, however often it is saved. `same`: what the entries have in common besides.
    """
    added = set(frames)
    if not added:
        return
    lately = Activity.objects.filter(video=video_id, person=person, action=action, at__gt=clock.now() - _ONE_ENTRY)
    for entry in lately[:_LATEST]:
        before = entry.params
        if before == {"frames": before.get("frames"), "numbers": before.get("numbers"), **same}:
            entry.params = _of_frames(unfolded(before["numbers"]) | added) | same
            entry.save(update_fields=["params"])
            return
    Activity.objects.create(video_id=video_id, person=person, action=action, params=_of_frames(added) | same)


def _of_frames(numbers: Collection[int]) -> dict[str, Any]:
    return {"frames": len(numbers), "numbers": folded(sorted(numbers))}


def _check(frame: Frame, given: Sequence[GivenBox], finished: bool) -> None:
    """Raise VideoRefused for more boxes than a frame may have, or for a finished frame that has to be looked at.

    An imported frame may have more boxes, and keeps as many.
    """
    if len(given) > settings.FRAME_MAX_BOXES and len(given) > frame.boxes.count():
        raise VideoRefused(Code.TOO_MANY_BOXES, most=settings.FRAME_MAX_BOXES)
    waiting = [number for number, box in enumerate(given, start=1) if not box.confirmed]
    if finished and waiting:
        raise VideoRefused(Code.NOT_CONFIRMED, number=waiting[0])


def _as_read(frame: Frame, version: int | None) -> "QuerySet[Frame]":
    """The row of a frame, unless it has another version by now; whatever it has where that is None."""
    return Frame.objects.filter(pk=frame.pk, **({} if version is None else {"version": version}))


def _box(frame: Frame, number: int, box: GivenBox, label: Label, person: User | None) -> Box:
    """The row of a box, cut off at the frame's edges. Raises VideoRefused where nothing of it is inside."""
    xmin, ymin, xmax, ymax = corners = cut_off((box.xmin, box.ymin, box.xmax, box.ymax), frame)
    if not is_a_box(corners):
        raise VideoRefused(Code.BAD_BOX, number=number)
    return Box(
        frame=frame,
        label=label,
        xmin=xmin,
        ymin=ymin,
        xmax=xmax,
        ymax=ymax,
        origin=box.origin,
        confirmed=box.confirmed,
        person=person,
    )
