"""Stored boxes as they are merged, those of one frame while they are changed, and how all are written."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.conf import settings

from ftcml.accounts.models import User
from ftcml.core.pictures.object_sizes import LEAST_SIDE
from videos.labeling.merging import Look
from videos.labeling.tracks.filling import is_keyframe
from videos.models import Box, Frame

Corners = tuple[float, float, float, float]
# Of a box that was there before.
_CHANGED_FIELDS = ("xmin", "ymin", "xmax", "ymax", "label", "origin", "confirmed", "track", "score", "person")


def look_of(box: Box) -> Look:
    """Return a stored box as it is merged."""
    corners = (box.xmin, box.ymin, box.xmax, box.ymax)
    return Look(box.label_id, corners, box.origin, box.confirmed, str(box.track_id or ""))


def cut_off(corners: Corners, frame: Frame) -> Corners:
    """Return the part of a box that is in the frame."""
    xmin, ymin, xmax, ymax = corners
    return max(xmin, 0.0), max(ymin, 0.0), min(xmax, float(frame.width)), min(ymax, float(frame.height))


def is_a_box(corners: Corners) -> bool:
    """Whether corners are in their order and about a pixel apart. What is made of less shows nothing."""
    xmin, ymin, xmax, ymax = corners
    return xmax - xmin >= LEAST_SIDE and ymax - ymin >= LEAST_SIDE


def write(put: Iterable[Box], gone: Sequence[int]) -> None:
    """Remove boxes by their keys in the table, then write new and changed ones by their frames and keys.

    One statement for many boxes: to name each row in a CASE takes ten times as long.
    """
    Box.objects.filter(pk__in=gone).delete()
    rows = list(put)
    for box in rows:
        box.pk = None
    Box.objects.bulk_create(rows, update_conflicts=True, unique_fields=("frame", "key"), update_fields=_CHANGED_FIELDS)


class FrameBoxes:
    """The boxes of one frame, changed in memory."""

    def __init__(self, frame: Frame, person: User) -> None:
        self.frame = frame
        self._person = person
        self._rows = {box.key: box for box in frame.boxes.all()}
        self._stored = {key: box.pk for key, box in self._rows.items()}
        self.before = {key: look_of(box) for key, box in self._rows.items()}
        self.now = dict(self._rows)
        self._most = max(settings.FRAME_MAX_BOXES, len(self.now))
        self._put: set[UUID] = set()

    @property
    def are_changed(self) -> bool:
        return bool(self._put or self.before.keys() - set(self.now))

    @property
    def put_rows(self) -> list[Box]:
        """The new and changed boxes."""
        return [self.now[key] for key in self.now if key in self._put]

    @property
    def gone_rows(self) -> list[int]:
        """The keys in the table of the boxes that go."""
        return [self._stored[key] for key in self.before.keys() - set(self.now)]

    def put(self, key: UUID, look: Look) -> bool:
        """Make or change a box, and return whether there is room for it, and it for anything."""
        if not is_a_box(look.corners) or (key not in self.now and len(self.now) >= self._most):
            return False
        box = self.now.setdefault(key, self._rows.get(key) or Box(frame=self.frame, key=key))
        box.xmin, box.ymin, box.xmax, box.ymax = look.corners
        box.label_id, box.origin, box.confirmed = look.label, look.origin, look.confirmed
        box.track_id = UUID(look.track) if look.track else None
        box.person = self._person
        self._put.add(key)
        if is_keyframe(look):
            self._delete_made(key, look.track)
        return True

    def _delete_made(self, key: UUID, track: str) -> None:
        """Delete what a program made meanwhile of the object whose box a person sets: it has one box in a frame."""
        others = {other: look_of(box) for other, box in self.now.items() if other != key and track}
        for other, look in others.items():
            if look.track == track and not is_keyframe(look):
                self.delete(other)

    def delete(self, key: UUID) -> None:
        self.now.pop(key, None)
        self._put.discard(key)
