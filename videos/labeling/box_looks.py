"""A stored box as it is merged, and the boxes of one frame while they are changed."""

from uuid import UUID

from django.conf import settings

from ftcml.accounts.models import User
from videos.labeling.merging import Look
from videos.models import Box, Frame

# Of a box that was there before.
_CHANGED_FIELDS = ("xmin", "ymin", "xmax", "ymax", "label", "origin", "confirmed", "track", "person")


def look_of(box: Box) -> Look:
    """Return a stored box as it is merged."""
    corners = (box.xmin, box.ymin, box.xmax, box.ymax)
    return Look(box.label_id, corners, box.origin, box.confirmed, str(box.track_id or ""))


class FrameBoxes:
    """The boxes of one frame, changed in memory and written together."""

    def __init__(self, frame: Frame, person: User) -> None:
        self.frame = frame
        self._person = person
        self.now = {box.key: box for box in frame.boxes.all()}
        self.before = {key: look_of(box) for key, box in self.now.items()}
        self._most = max(settings.FRAME_MAX_BOXES, len(self.now))
        self._put: set[UUID] = set()

    @property
    def are_changed(self) -> bool:
        return bool(self._put or self.before.keys() - set(self.now))

    def put(self, key: UUID, look: Look) -> bool:
        """Make or change a box, and return whether there is room for it, and it for anything."""
        xmin, ymin, xmax, ymax = look.corners
        has_area = xmin < xmax and ymin < ymax
        if not has_area or (key not in self.now and len(self.now) >= self._most):
            return False
        box = self.now.setdefault(key, Box(frame=self.frame, key=key))
        box.xmin, box.ymin, box.xmax, box.ymax = look.corners
        box.label_id, box.origin, box.confirmed = look.label, look.origin, look.confirmed
        box.track_id = UUID(look.track) if look.track else None
        box.person = self._person
        self._put.add(key)
        return True

    def delete(self, key: UUID) -> None:
        self.now.pop(key, None)
        self._put.discard(key)

    def write(self) -> None:
        gone = self.before.keys() - set(self.now)
        if gone:
            Box.objects.filter(frame=self.frame, key__in=gone).delete()
        put = [self.now[key] for key in self.now if key in self._put]
        Box.objects.bulk_create([box for box in put if box.pk is None])
        Box.objects.bulk_update([box for box in put if box.pk is not None], _CHANGED_FIELDS)
