"""Saves what a person changed in frames, merged with what others did meanwhile. Sent twice, it does nothing more."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from ftcml.accounts.models import User
from videos.labeling import changes, labels
from videos.labeling.box_looks import FrameBoxes, look_of
from videos.labeling.marking import note
from videos.labeling.merging import Look, Outcome, merged, merged_mark
from videos.labeling.tracks import keyframes
from videos.labeling.tracks.rewriting import GoneChange, mark_gone
from videos.models import Activity, Frame, Label, Track, Video


@dataclass(frozen=True)
class GivenLook:
    """A box as a page gives it. `name`: of its label, for one that was deleted meanwhile."""

    label: int
    name: str
    corners: tuple[float, float, float, float]
    origin: str
    confirmed: bool
    track: UUID | None


@dataclass(frozen=True)
class BoxEdit:
    """What a person made of a box; None for no box."""

    key: UUID
    before: GivenLook | None
    after: GivenLook | None


@dataclass(frozen=True)
class Mark:
    before: bool
    after: bool


@dataclass(frozen=True)
class GoneEdit:
    """Whether an object is said to be gone from this frame on."""

    track: UUID
    before: bool
    after: bool


@dataclass(frozen=True)
class FrameEdit:
    """What a person changed in a frame."""

    frame: int
    boxes: Sequence[BoxEdit] = ()
    finished: Mark | None = None
    ignored: Mark | None = None
    gone: Sequence[GoneEdit] = ()


@dataclass(frozen=True)
class Conflict:
    """A box that both changed: it is as the other person left it. `yours`: what this person wanted."""

    frame: int
    key: UUID
    yours: GivenLook | None


@dataclass
class Saved:
    """`frames`: the numbers of the frames that were named, and of those that changed with them.

    `gone`: those of frames that aren't there any more.
    """

    frames: list[int] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)


def save(video: Video, person: User, edits: Sequence[FrameEdit]) -> Saved:
    """Save a person's edits of frames, in their order.

    Nothing blocks a save: a label that is gone is made again, and what can't be merged is told as a conflict.
    Raises VideoRefused where a label can't be made.
    """
    with transaction.atomic():
        number = changes.next_number(video.pk)
        saving = _Saving(video, person, number, _labels(video, edits), _tracks(video, edits))
        for edit in edits:
            saving.take(edit)
        mark_gone(
            GoneChange(edit.frame, gone.track, gone.before, gone.after)
            for edit in edits
            for gone in edit.gone
            if gone.track in saving.tracks
        )
        saving.saved.frames += keyframes.follow(video, number, saving.moves)
    return saving.saved


@dataclass
class _Saving:
    video: Video
    person: User
    number: int
    # The key of the label to use, by the key that a page knows.
    labels: dict[int, int]
    tracks: Collection[UUID]
    saved: Saved = field(default_factory=Saved)
    # What became of boxes that carry a track.
    moves: list[keyframes.TrackMove] = field(default_factory=list)

    def take(self, edit: FrameEdit) -> None:
        frame = Frame.objects.filter(video=self.video, number=edit.frame).prefetch_related("boxes").first()
        if frame is None:
            self.saved.gone.append(edit.frame)
            return
        self.saved.frames.append(edit.frame)
        boxes = FrameBoxes(frame, self.person)
        for box in edit.boxes:
            if not self._take_box(boxes, box):
                self.saved.conflicts.append(Conflict(frame.number, box.key, box.after))
        boxes.write()
        self.moves += keyframes.moves(boxes)
        self._mark(boxes, edit)

    def _take_box(self, boxes: FrameBoxes, edit: BoxEdit) -> bool:
        """Change one box, and return whether that was possible."""
        stored = boxes.now.get(edit.key)
        now = look_of(stored) if stored else None
        found = merged(self._look(boxes.frame, edit.before), self._look(boxes.frame, edit.after), now)
        if found.outcome is Outcome.DELETE:
            boxes.delete(edit.key)
        elif found.outcome is Outcome.WRITE and found.look:
            return boxes.put(edit.key, found.look)
        return found.outcome is not Outcome.CONFLICT

    def _mark(self, boxes: FrameBoxes, edit: FrameEdit) -> None:
        """Write what is said of the frame. It stays finished only while all its boxes are confirmed."""
        frame = boxes.frame
        finished, ignored = _merged(edit.finished, frame.finished), _merged(edit.ignored, frame.ignored)
        finished = finished and all(box.confirmed for box in boxes.now.values())
        if not boxes.are_changed and (finished, ignored) == (frame.finished, frame.ignored):
            return
        by_hand = {} if ignored == frame.ignored else {"ignored": ignored, "ignored_as_near_duplicate": False}
        review = frame.review if not boxes.are_changed and finished == frame.finished else Frame.Review.NONE
        Frame.objects.filter(pk=frame.pk).update(
            version=frame.version + 1, changed=self.number, finished=finished, review=review, **by_hand
        )
        if by_hand:
            note(self.video.pk, self.person, Activity.Action.IGNORED, ignored=ignored)
        if boxes.are_changed or finished != frame.finished:
            note(self.video.pk, self.person, Activity.Action.LABELED)

    def _look(self, frame: Frame, given: GivenLook | None) -> Look | None:
        """A box that a page gave, cut off at the frame's edges."""
        if given is None:
            return None
        xmin, ymin, xmax, ymax = given.corners
        corners = (max(xmin, 0.0), max(ymin, 0.0), min(xmax, float(frame.width)), min(ymax, float(frame.height)))
        track = str(given.track) if given.track in self.tracks else ""
        return Look(self.labels[given.label], corners, given.origin, given.confirmed, track)


def _merged(mark: Mark | None, now: bool) -> bool:
    return merged_mark(mark.before, mark.after, now) if mark else now


def _looks(edits: Iterable[FrameEdit]) -> Iterable[GivenLook]:
    for edit in edits:
        for box in edit.boxes:
            yield from (look for look in (box.before, box.after) if look)


def _labels(video: Video, edits: Sequence[FrameEdit]) -> dict[int, int]:
    """Return the key of the team's label by the key that a page knows. One that is gone is made again by its name."""
    names = {look.label: look.name for look in _looks(edits)}
    there = set(Label.objects.for_team(video.team).filter(pk__in=names).values_list("pk", flat=True))
    gone = {key: name for key, name in names.items() if key not in there}
    made = labels.named(video.team, list(gone.values())) if gone else {}
    return {key: key if key in there else made[gone[key]].pk for key in names}


def _tracks(video: Video, edits: Sequence[FrameEdit]) -> set[UUID]:
    """Return the video's tracks that the edits name, each made where there is none."""
    named = {look.track for look in _looks(edits) if look.track}
    named |= {gone.track for edit in edits for gone in edit.gone}
    if not named:
        return set()
    others = set(Track.objects.filter(pk__in=named).exclude(video=video).values_list("pk", flat=True))
    Track.objects.bulk_create([Track(pk=key, video=video) for key in named - others], ignore_conflicts=True)
    return named - others
