"""What people do with an object as a whole: split it, merge two, end it, confirm a stretch of it.

Each returns what it changed, so that a page can undo it as one step.
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from itertools import pairwise
from uuid import UUID, uuid4

from django.db import transaction

from ftcml.accounts.models import User
from videos.labeling import changes as numbers
from videos.labeling.box_looks import look_of
from videos.labeling.marking import note
from videos.labeling.tracks import at_work, filling, lines, rewriting
from videos.labeling.tracks.keyframes import taken_away
from videos.labeling.tracks.lines import StoredLine
from videos.labeling.tracks.rewriting import Change, Changes, GoneChange, Place, key_of
from videos.models import Activity, Box, Frame, Track, Video
from videos.reasons import Code
from videos.refusals import VideoRefused


def end_here(video: Video, person: User, track: UUID, number: int) -> Changes:
    """Say that an object is gone from a frame on: its boxes go, up to the next one that a person set."""

    def changed(line: StoredLine) -> tuple[list[Change], list[GoneChange]]:
        here = [Change(line.place(number), line.looks[number], None)] if number in line.looks else []
        return [*here, *taken_away(line, number)], _gone(line, [number])

    return _changed(video, person, track, changed)


def delete_from(video: Video, person: User, track: UUID, number: int) -> Changes:
    """Delete all boxes of an object from a frame on."""

    def changed(line: StoredLine) -> tuple[list[Change], list[GoneChange]]:
        at_work.stop_from(track, number)
        later = [one for one in sorted(line.looks) if one >= number]
        return [Change(line.place(one), line.looks[one], None) for one in later], _gone(line, [number])

    return _changed(video, person, track, changed)


def split(video: Video, person: User, track: UUID, number: int) -> Changes:
    """Make the boxes of an object from a frame on those of another object."""

    def changed(line: StoredLine) -> tuple[list[Change], list[GoneChange]]:
        other = Track.objects.create(pk=uuid4(), video=video)
        later = [one for one in sorted(line.looks) if one >= number]
        if not later or len(later) == len(line.looks):
            raise VideoRefused(Code.NO_SUCH_OBJECT)
        at_work.stop_all(track, number)
        boxes = [
            Change(line.place(one), line.looks[one], replace(line.looks[one], track=str(other.pk))) for one in later
        ]
        gone = [one for one in line.gone_from if one >= number]
        return boxes, [
            *(GoneChange(one, track, before=True, after=False) for one in gone),
            *(GoneChange(one, other.pk, before=False, after=True) for one in gone),
        ]

    return _changed(video, person, track, changed)


def merge(video: Video, person: User, track: UUID, other: UUID) -> Changes:
    """Make the boxes of `other` those of `track`, with its label, and fill what lies between them.

    Where both have a box in a frame, that which a person set stays. Raises VideoRefused where two were set.
    """
    with transaction.atomic():
        number = numbers.next_number(video.pk)
        stored = lines.read(video, (track, other))
        if track == other or len(stored) < 2 or not all(line.looks for line in stored.values()):
            raise VideoRefused(Code.NO_SUCH_OBJECT)
        kept, added = stored[track], stored[other]
        boxes = _merged(kept, added)
        at_work.stop_all(other, max(added.looks) + 1)
        boxes += _bridges(video, kept, added.looks, [*kept.gone, *added.gone])
        gone = [
            *(GoneChange(one, other, before=True, after=False) for one in added.gone_from),
            *(GoneChange(one, track, before=False, after=True) for one in set(added.gone_from) - set(kept.gone_from)),
        ]
        return _written(video, person, number, boxes, gone)


def confirm(
    video: Video, person: User, tracks: Collection[UUID], first: int, last: int, *, finish: bool = False
) -> Changes:
    """Confirm the boxes of objects from one frame to another: a person has looked at them.

    `finish`: also say of those frames that all their boxes are there, where each of them is confirmed by then.
    """
    with transaction.atomic():
        number = numbers.next_number(video.pk)
        boxes = Box.objects.filter(frame__video=video, frame__number__range=(first, last), track__in=tracks)
        places = set(boxes.order_by().values_list("frame__number", flat=True))
        waiting = boxes.filter(confirmed=False)
        changes = [_confirmed(box) for box in waiting.select_related("frame").order_by("frame__number", "id")]
        waiting.update(confirmed=True, person=person)
        changed = {change.place.number for change in changes}
        numbers.mark(video.frames.filter(number__in=changed), number, review=Frame.Review.NONE)
        note(video.pk, person, Activity.Action.LABELED, changed)
        return Changes(changes, finished=_finish(video, number, places) if finish else [])


def _confirmed(box: Box) -> Change:
    look = look_of(box)
    return Change(Place(box.frame.number, box.key), look, replace(look, confirmed=True))


def _changed(
    video: Video,
    person: User,
    track: UUID,
    changed: Callable[[StoredLine], tuple[list[Change], list[GoneChange]]],
) -> Changes:
    """Change one object. Raises VideoRefused where it isn't there."""
    with transaction.atomic():
        number = numbers.next_number(video.pk)
        line = lines.read(video, (track,)).get(track)
        if line is None:
            raise VideoRefused(Code.NO_SUCH_OBJECT)
        return _written(video, person, number, *changed(line))


def _written(video: Video, person: User, number: int, boxes: list[Change], gone: list[GoneChange]) -> Changes:
    opened = rewriting.write(video, number, boxes, person)
    rewriting.mark_gone(gone)
    note(video.pk, person, Activity.Action.LABELED, {change.place.number for change in boxes})
    return Changes(boxes, gone, opened)


def _gone(line: StoredLine, from_here: list[int]) -> list[GoneChange]:
    return [GoneChange(one, line.track, before=False, after=True) for one in from_here if one not in line.gone_from]


def _finish(video: Video, change_number: int, places: set[int]) -> list[int]:
    """Finish frames whose boxes are all confirmed, and return their numbers."""
    ready = Frame.objects.filter(video=video, number__in=places, finished=False, ignored=False)
    found = list(ready.exclude(boxes__confirmed=False).values_list("number", flat=True))
    frames = Frame.objects.filter(video=video, number__in=found)
    numbers.mark(frames, change_number, finished=True, review=Frame.Review.NONE)
    return sorted(found)


def _merged(kept: StoredLine, added: StoredLine) -> list[Change]:
    """The boxes of `added` as those of `kept`. Raises VideoRefused."""
    label = kept.looks[min(kept.looks)].label
    boxes = []
    for number, look in sorted(added.looks.items()):
        if number in kept.looks:
            if kept.is_keyframe(number) and added.is_keyframe(number):
                raise VideoRefused(Code.OBJECTS_OVERLAP, number=number + 1)
            loser = added if kept.is_keyframe(number) or not added.is_keyframe(number) else kept
            boxes.append(Change(loser.place(number), loser.looks[number], None))
            if loser is added:
                continue
        after = replace(look, track=str(kept.track), label=label)
        boxes.append(Change(added.place(number), look, after))
        kept.looks[number], kept.keys[number] = after, added.keys[number]
    return boxes


def _bridges(video: Video, line: StoredLine, added: Collection[int], gone: Collection[int]) -> list[Change]:
    """Boxes on the lines between those that were the boxes of one object and those of the other."""
    free = lines.free_frames(video, min(line.looks), max(line.looks))
    made: filling.Line = {}
    for first, last in pairwise(sorted(line.looks)):
        is_seam = (first in added) != (last in added)
        if is_seam and not any(first < number <= last for number in gone):
            made |= filling.between(line.looks, first, last, free)
    return [Change(Place(number, key_of(line.track, number)), None, look) for number, look in sorted(made.items())]
