"""Saves what a person changed in frames, merged with what others did meanwhile. Sent twice, it does nothing more."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from ftcml.accounts.models import User
from videos.labeling import box_looks, changes, labels
from videos.labeling.box_looks import FrameBoxes, look_of
from videos.labeling.edits import BoxEdit, Conflict, FrameEdit, GivenLook, Mark, Saved
from videos.labeling.marking import note
from videos.labeling.merging import Look, Outcome, merged, merged_mark
from videos.labeling.tracks import keyframes
from videos.labeling.tracks.rewriting import GoneChange, mark_gone
from videos.models import Activity, Frame, Track, Video


def save(video: Video, person: User, edits: Sequence[FrameEdit]) -> Saved:
    """Save a person's edits of frames, in their order.

    Nothing blocks a save: a label that is gone is made again, and what can't be merged is told as a conflict.
    Raises VideoRefused where a label can't be made.
    """
    with transaction.atomic():
        known = labels.kept(video.team, {look.label: look.name for look in _looks(edits)})
        number = changes.next_number(video.pk)
        saving = _Saving(video, person, number, known, _tracks(video, edits))
        saving.take(edits)
        mark_gone(
            GoneChange(edit.frame, gone.track, gone.before, gone.after)
            for edit in edits
            for gone in edit.gone
            if gone.track in saving.tracks and edit.frame in saving.saved.frames
        )
        saving.saved.followed += keyframes.follow(video, number, saving.moves)
    return saving.saved


@dataclass
class _EditedFrame:
    """A frame while it is changed, and what is said of it by then."""

    boxes: FrameBoxes
    finished: bool
    ignored: bool

    @property
    def frame(self) -> Frame:
        return self.boxes.frame

    @property
    def is_labeled(self) -> bool:
        """Whether a person changed its boxes, or said that they are all there, or aren't."""
        return self.boxes.are_changed or self.finished != self.frame.finished

    @property
    def is_ignored(self) -> bool:
        """Whether a person ignored it, or took it in again."""
        return self.ignored != self.frame.ignored

    def mark(self, edit: FrameEdit) -> None:
        """Note what is said of the frame. It stays finished only while all its boxes are confirmed."""
        finished, self.ignored = _merged(edit.finished, self.finished), _merged(edit.ignored, self.ignored)
        self.finished = finished and all(box.confirmed for box in self.boxes.now.values())


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

    def take(self, edits: Sequence[FrameEdit]) -> None:
        """Merge all edits, then write what came of them: as many questions for one frame as for fifty."""
        rows = Frame.objects.filter(video=self.video, number__in={edit.frame for edit in edits})
        frames = {
            frame.number: _EditedFrame(FrameBoxes(frame, self.person), frame.finished, frame.ignored)
            for frame in rows.prefetch_related("boxes")
        }
        for edit in edits:
            if frame := frames.get(edit.frame):
                self._take(frame, edit)
            else:
                self.saved.gone.append(edit.frame)
        self.saved.frames += frames
        all_boxes = [frame.boxes for frame in frames.values()]
        put = [row for boxes in all_boxes for row in boxes.put_rows]
        box_looks.write(put, [row for boxes in all_boxes for row in boxes.gone_rows])
        self.moves += (move for boxes in all_boxes for move in keyframes.moves(boxes))
        self._write_marks(frames.values())

    def _take(self, frame: _EditedFrame, edit: FrameEdit) -> None:
        for box in edit.boxes:
            if not self._take_box(frame.boxes, box):
                self.saved.conflicts.append(Conflict(edit.frame, box.key, box.after))
        frame.mark(edit)

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

    def _write_marks(self, frames: Iterable[_EditedFrame]) -> None:
        """Write what is said of the frames: one statement for those of which the same is said."""
        alike: dict[tuple[tuple[str, object], ...], list[int]] = defaultdict(list)
        for frame in frames:
            if frame.is_labeled or frame.is_ignored:
                alike[tuple(_fields(frame).items())].append(frame.frame.pk)
        for fields, keys in alike.items():
            changes.mark(Frame.objects.filter(pk__in=keys), self.number, **dict(fields))
        for ignored in (True, False):
            numbers = [one.frame.number for one in frames if one.is_ignored and one.ignored == ignored]
            note(self.video.pk, self.person, Activity.Action.IGNORED, numbers, ignored=ignored)
        labeled = [one.frame.number for one in frames if one.is_labeled]
        note(self.video.pk, self.person, Activity.Action.LABELED, labeled)

    def _look(self, frame: Frame, given: GivenLook | None) -> Look | None:
        """A box that a page gave, cut off at the frame's edges."""
        if given is None:
            return None
        track = str(given.track) if given.track in self.tracks else ""
        corners = box_looks.cut_off(given.corners, frame)
        return Look(self.labels[given.label], corners, given.origin, given.confirmed, track)


def _fields(frame: _EditedFrame) -> dict[str, object]:
    """What the row of a frame says after the edits."""
    review = Frame.Review.NONE if frame.is_labeled else frame.frame.review
    by_hand = {"ignored": frame.ignored, "ignored_as_near_duplicate": False} if frame.is_ignored else {}
    return {"finished": frame.finished, "review": review, **by_hand}


def _merged(mark: Mark | None, now: bool) -> bool:
    return merged_mark(mark.before, mark.after, now) if mark else now


def _looks(edits: Iterable[FrameEdit]) -> Iterable[GivenLook]:
    for edit in edits:
        for box in edit.boxes:
            yield from (look for look in (box.before, box.after) if look)


def _tracks(video: Video, edits: Sequence[FrameEdit]) -> set[UUID]:
    """Return the video's tracks that the edits name, each made where there is none."""
    named = {look.track for look in _looks(edits) if look.track}
    named |= {gone.track for edit in edits for gone in edit.gone}
    if not named:
        return set()
    others = set(Track.objects.filter(pk__in=named).exclude(video=video).values_list("pk", flat=True))
    Track.objects.bulk_create([Track(pk=key, video=video) for key in named - others], ignore_conflicts=True)
    return named - others
