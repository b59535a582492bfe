"""What a run changed, so that a page can undo it as one step."""

from collections.abc import Iterator, Sequence
from typing import Any, cast
from uuid import UUID

from django.db.models import Q

from videos.labeling.box_looks import look_of
from videos.labeling.merging import Look
from videos.labeling.tracks.filling import is_keyframe
from videos.labeling.tracks.rewriting import Change, Changes, Place
from videos.models import Box, TrackedObject, Tracking


def as_kept(changes: Sequence[Change]) -> list[list[object]]:
    """Return what stood where these changes are, as TrackedObject.replaced keeps it."""
    return [[change.place.number, str(change.place.key), _as_json(change.before)] for change in changes]


def of_run(run: Tracking) -> Changes:
    """Return what the run changed, as far as no person has changed it again."""
    boxes = [change for followed in run.followed.all() for change in _of_object(run, followed)]
    return Changes(sorted(boxes, key=lambda change: change.place.number), opened=run.opened)


def _of_object(run: Tracking, followed: TrackedObject) -> Iterator[Change]:
    kept = {Place(number, UUID(key)): _look(look) for number, key, look in cast("list[Any]", followed.replaced)}
    boxes = Box.objects.filter(frame__video=run.video_id, track=followed.track_id).select_related("frame")
    made = Q(confirmed=False, frame__number__gt=run.frame_number, frame__number__lte=followed.at)
    there = Q(frame__number__in=[place.number for place in kept], key__in=[place.key for place in kept])
    now = {Place(box.frame.number, box.key): look_of(box) for box in boxes.filter(made | there)}
    for place in kept.keys() | now.keys():
        look = now.get(place)
        # Where the run began, it confirmed the box itself.
        is_a_persons = look is not None and is_keyframe(look) and place.number != run.frame_number
        if not is_a_persons:
            yield Change(place, kept.get(place), look)


def _as_json(look: Look | None) -> list[object] | None:
    return None if look is None else [look.label, *look.corners, look.origin, look.confirmed, look.track]


def _look(kept: list[Any] | None) -> Look | None:
    if kept is None:
        return None
    label, xmin, ymin, xmax, ymax, origin, confirmed, track = kept
    return Look(label, (xmin, ymin, xmax, ymax), origin, confirmed, track)
