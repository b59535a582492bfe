"""What follows from a save that changes a keyframe: the boxes on both sides of it go with it, in one transaction."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F

from videos.labeling.box_looks import FrameBoxes, look_of
from videos.labeling.tracks import at_work, lines, rewriting
from videos.labeling.tracks.filling import Move, filled, is_keyframe
from videos.labeling.tracks.lines import StoredLine
from videos.labeling.tracks.rewriting import Change, Place, key_of
from videos.models import TrackedObject, Video


@dataclass(frozen=True)
class TrackMove:
    track: UUID
    move: Move


def moves(boxes: FrameBoxes) -> Iterator[TrackMove]:
    """Yield what changed in a frame that says something about other frames of the same track."""
    for key in boxes.before.keys() | boxes.now.keys():
        before = boxes.before.get(key)
        after = look_of(boxes.now[key]) if key in boxes.now else None
        tracks = {look.track for look in (before, after) if look and look.track}
        move = Move(boxes.frame.number, *(look if look and look.track else None for look in (before, after)))
        # Of a box that goes from one track to another, as at a split, the neighbors stay as they are.
        if len(tracks) == 1 and move.is_of_a_keyframe:
            yield TrackMove(UUID(tracks.pop()), move)


def follow(video: Video, change_number: int, made: Sequence[TrackMove]) -> list[int]:
    """Fill what lies beside the changed keyframes again, and return the numbers of the frames that changed.

    A tracker that is ahead of a corrected box goes back to it.
    """
    if not made:
        return []
    by_track: dict[UUID, list[Move]] = defaultdict(list)
    for one in made:
        by_track[one.track].append(one.move)
    stored = lines.read(video, by_track)
    free = _free(video, stored, by_track)
    changes = [
        change for track, line in stored.items() for change in _filled(line, by_track[track], free)
    ] + _sent_back(stored, by_track)
    rewriting.write(video, change_number, changes)
    return sorted({change.place.number for change in changes})


def _free(video: Video, stored: dict[UUID, StoredLine], made: dict[UUID, list[Move]]) -> set[int]:
    """The numbers of frames beside new keyframes that may get a box. A keyframe that only moves makes none."""
    beside = [
        number
        for track, line in stored.items()
        for move in made[track]
        if move.before is None
        for number in line.beside(move.number)
    ]
    return lines.free_frames(video, min(beside), max(beside)) if beside else set()


def _filled(line: StoredLine, made: Sequence[Move], free: set[int]) -> Iterator[Change]:
    before = dict(line.looks)
    for move in sorted(made, key=lambda move: move.number):
        line.looks = {
            number: look
            for number, look in (line.looks | filled(line.looks, move, free, line.gone)).items()
            if look is not None
        }
    for number in sorted(before.keys() | line.looks.keys()):
        if before.get(number) != line.looks.get(number):
            key = line.keys.setdefault(number, key_of(line.track, number))
            yield Change(Place(number, key), before.get(number), line.looks.get(number))


def _sent_back(stored: dict[UUID, StoredLine], made: dict[UUID, list[Move]]) -> list[Change]:
    """Send trackers back to boxes that were corrected behind them. What they made after those goes."""
    changes: list[Change] = []
    for followed in at_work.on(made):
        corrected = max(
            (
                move.number
                for move in made[followed.track_id]
                if move.after and is_keyframe(move.after) and followed.first <= move.number <= followed.at
            ),
            default=None,
        )
        if corrected is not None:
            TrackedObject.objects.filter(pk=followed.pk).update(
                first=corrected, at=corrected, corrections=F("corrections") + 1
            )
            changes += taken_away(stored[followed.track_id], corrected)
    return changes


def taken_away(line: StoredLine, after: int) -> list[Change]:
    """Return that the boxes go which nobody set or confirmed, from after a frame to the next keyframe."""
    end = line.next_keyframe(after)
    numbers = [number for number in line.looks if number > after and (end is None or number < end)]
    return [Change(line.place(number), line.looks[number], None) for number in sorted(numbers)]
