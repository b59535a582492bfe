"""Boxes of frames: replaced as a whole, by one person at a time, with what changed counted in the frame's version."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from ftcml.accounts.models import User
from videos.labeling import changes, labels
from videos.labeling.which_frames import IGNORED_NEAR_DUPLICATES, OPEN_NEAR_DUPLICATES
from videos.models import Activity, Box, Frame, Label, Video
from videos.reasons import Code, Param
from videos.refusals import VideoRefused


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
        note(frame.video_id, person, Activity.Action.LABELED)
    frame.refresh_from_db(fields=["version", "finished"])
    return frame.version


def set_ignored(frame: Frame, ignored: bool, person: User | None) -> None:
    """Leave a frame out of datasets, or take it in again."""
    with transaction.atomic():
        rows = Frame.objects.filter(pk=frame.pk)
        changes.change(frame.video_id, rows, ignored=ignored, ignored_as_near_duplicate=False)
        note(frame.video_id, person, Activity.Action.IGNORED, ignored=ignored)
    frame.refresh_from_db(fields=["ignored", "version"])


def set_finished(frame: Frame, finished: bool, person: User | None, version: int | None = None) -> None:
    """Say that all boxes of a frame are there, or that they aren't. Without boxes: nothing here.

    Whoever says so has looked at them: they count as confirmed. Raises VideoRefused as set_boxes does.
    """
    with transaction.atomic():
        if not changes.change(frame.video_id, _as_read(frame, version), finished=finished, review=Frame.Review.NONE):
            raise VideoRefused(Code.CHANGED_MEANWHILE)
        if finished:
            frame.boxes.filter(confirmed=False).update(confirmed=True)
        note(frame.video_id, person, Activity.Action.LABELED)
    frame.refresh_from_db(fields=["version", "finished"])


def set_near_duplicates_ignored(video: Video, ignored: bool, person: User | None) -> int:
    """Ignore all near-duplicates that nobody labeled, or take those in again; return how many frames that were."""
    with transaction.atomic():
        frames = video.frames.filter(OPEN_NEAR_DUPLICATES if ignored else IGNORED_NEAR_DUPLICATES)
        count = changes.change(video.pk, frames, ignored=ignored, ignored_as_near_duplicate=ignored)
        if count:
            note(video.pk, person, Activity.Action.IGNORED, count, ignored=ignored)
    return count


def note(video_id: UUID, person: User | None, action: Activity.Action, frames: int = 1, **same: Param) -> None:
    """Add the frames to the newest entry of the video's activity, where that is of the same person and kind.

    `same`: what the entries have in common besides.
    """
    newest = Activity.objects.filter(video=video_id).first()
    if newest and newest.action == action and newest.person_id == (person and person.pk):
        before = newest.params.get("frames", 0)
        if newest.params == {"frames": before, **same}:
            Activity.objects.filter(pk=newest.pk).update(params={"frames": before + frames, **same})
            return
    Activity.objects.create(video_id=video_id, person=person, action=action, params={"frames": frames, **same})


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
    xmin, xmax = max(box.xmin, 0.0), min(box.xmax, float(frame.width))
    ymin, ymax = max(box.ymin, 0.0), min(box.ymax, float(frame.height))
    if not (xmin < xmax and ymin < ymax):
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
