"""Changes of boxes in several frames of a video, written together, and told so that a page can undo them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid5

from ftcml.accounts.models import User
from videos.labeling import box_looks, changes
from videos.labeling.merging import Look
from videos.labeling.tracks import at_work
from videos.models import Box, Frame, Track, Video


@dataclass(frozen=True)
class Place:
    """Where a box is: a frame, and the box's key there."""

    number: int
    key: UUID


@dataclass(frozen=True)
class Change:
    """What became of a box; None for no box. `score`: how sure a tracker was."""

    place: Place
    before: Look | None
    after: Look | None
    score: float | None = None


@dataclass(frozen=True)
class GoneChange:
    """Whether an object is said to be gone from a frame on, before and after."""

    number: int
    track: UUID
    before: bool
    after: bool


@dataclass
class Changes:
    """What was changed: boxes, frames that are no longer finished or are now, and where objects are said to be gone."""

    boxes: Sequence[Change] = ()
    gone: Sequence[GoneChange] = ()
    opened: Sequence[int] = ()
    finished: Sequence[int] = ()


def key_of(track: UUID, number: int) -> UUID:
    """Return the key of the box that the server makes for a track in a frame: made twice it is one box."""
    return uuid5(track, str(number))


def write(video: Video, change_number: int, made: Sequence[Change], person: User | None = None) -> list[int]:
    """Write boxes, and return the numbers of frames that were finished and aren't any more. Call it in a transaction.

    `person`: who changed them, None where they came from a program or from the change of another box.

    A change that has nothing in common with what is there is written all the same: who calls has just read it. Of two
    changes of one box the last counts.
    """
    of_places = {change.place: change for change in made}
    rows = Frame.objects.filter(video=video, number__in={place.number for place in of_places})
    frames = {frame.number: frame for frame in rows}
    stored = _stored(frames.values(), of_places)
    put, gone = [], []
    for place, change in of_places.items():
        frame = frames.get(place.number)
        box = frame and stored.get((frame.pk, place.key))
        look = frame and change.after and within(change.after, frame)
        if frame and look:
            put.append(_filled_in(box or Box(frame=frame, key=place.key), look, change.score, person))
        elif box:
            gone.append(box.pk)
    box_looks.write(put, gone)
    return _touch(frames.values(), change_number, {box.frame_id for box in put if not box.confirmed})


def within(look: Look, frame: Frame) -> Look | None:
    """Return the box cut off at the frame's edges; None where nothing of it is inside."""
    corners = box_looks.cut_off(look.corners, frame)
    return replace(look, corners=corners) if box_looks.is_a_box(corners) else None


def mark_gone(made: Iterable[GoneChange]) -> None:
    """Write where objects are said to be gone from. Trackers that are beyond it stop."""
    by_track: dict[UUID, list[GoneChange]] = defaultdict(list)
    for change in made:
        by_track[change.track].append(change)
    for track in Track.objects.filter(pk__in=by_track):
        numbers = set(track.gone_from)
        for change in by_track[track.pk]:
            (numbers.add if change.after else numbers.discard)(change.number)
        Track.objects.filter(pk=track.pk).update(gone_from=sorted(numbers))
    ends = [change for changed in by_track.values() for change in changed if change.after]
    at_work.stop_beyond([(end.track, end.number) for end in ends])


def _stored(frames: Iterable[Frame], places: Iterable[Place]) -> dict[tuple[int, UUID], Box]:
    keys = {place.key for place in places}
    boxes = Box.objects.filter(frame__in=[frame.pk for frame in frames], key__in=keys)
    return {(box.frame_id, box.key): box for box in boxes}


def _filled_in(box: Box, look: Look, score: float | None, person: User | None) -> Box:
    box.xmin, box.ymin, box.xmax, box.ymax = look.corners
    box.label_id, box.origin, box.confirmed = look.label, look.origin, look.confirmed
    box.track_id = UUID(look.track) if look.track else None
    box.person = person or box.person
    box.score = score if score is not None else box.score
    return box


def _touch(frames: Iterable[Frame], change_number: int, with_open_boxes: set[int]) -> list[int]:
    """Count the frames' versions up. One that has a box now that nobody confirmed isn't finished any more."""
    rows = Frame.objects.filter(pk__in=[frame.pk for frame in frames])
    changes.mark(rows, change_number, review=Frame.Review.NONE)
    opened = [frame for frame in frames if frame.finished and frame.pk in with_open_boxes]
    if opened:
        Frame.objects.filter(pk__in=[frame.pk for frame in opened]).update(finished=False)
    return [frame.number for frame in opened]
