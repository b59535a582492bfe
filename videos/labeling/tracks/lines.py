"""The boxes of tracks, as they are stored."""

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.db.models import Count

from videos.labeling.merging import Look
from videos.labeling.tracks.filling import is_between, is_keyframe
from videos.labeling.tracks.rewriting import Place
from videos.models import Box, Frame, Track, Video


@dataclass
class StoredLine:
    """A track's boxes by the numbers of their frames. Of two in one frame the one that a person set counts."""

    track: UUID
    gone_from: list[int] = field(default_factory=list)
    looks: dict[int, Look] = field(default_factory=dict)
    keys: dict[int, UUID] = field(default_factory=dict)

    def place(self, number: int) -> Place:
        return Place(number, self.keys[number])

    @property
    def gone(self) -> list[int]:
        """From where the object is gone. A box that a person set later in such a frame says that it isn't."""
        return [number for number in self.gone_from if not self.is_keyframe(number)]

    def is_keyframe(self, number: int) -> bool:
        return number in self.looks and is_keyframe(self.looks[number])

    def beside(self, number: int) -> tuple[int, int]:
        """Return the numbers of the nearest boxes before and after a frame that aren't merely between others."""
        fixed = [other for other, look in self.looks.items() if not is_between(look)]
        before = max((other for other in fixed if other < number), default=number)
        return before, min((other for other in fixed if other > number), default=number)

    def next_keyframe(self, number: int) -> int | None:
        """Return the number of the next frame in which a person set the box; None where there is none."""
        return min((later for later in self.looks if later > number and self.is_keyframe(later)), default=None)

    def last_keyframe(self, number: int) -> int | None:
        """Return the number of the last such frame before that one, or of itself."""
        return max((past for past in self.looks if past <= number and self.is_keyframe(past)), default=None)


def read(video: Video, tracks: Collection[UUID]) -> dict[UUID, StoredLine]:
    """Return the video's tracks of these keys, with their boxes."""
    rows = Track.objects.filter(video=video, pk__in=tracks)
    lines = {track.pk: StoredLine(track.pk, list(track.gone_from)) for track in rows}
    rows_of_boxes = Box.objects.filter(track__in=lines, frame__video=video)
    columns = ("track", "frame__number", "key", "label", "xmin", "ymin", "xmax", "ymax", "origin", "confirmed")
    for track, number, key, label, *corners, origin, confirmed in rows_of_boxes.order_by(
        "frame__number", "confirmed", "id"
    ).values_list(*columns):
        xmin, ymin, xmax, ymax = corners
        lines[track].looks[number] = Look(label, (xmin, ymin, xmax, ymax), origin, confirmed, str(track))
        lines[track].keys[number] = key
    return lines


def free_frames(video: Video, first: int, last: int) -> set[int]:
    """Return the numbers from `first` to `last` of the frames that may get another box that nobody drew.

    A finished frame may not: a person said that all its boxes are there.
    """
    within = Frame.objects.filter(video=video, number__range=(first, last), finished=False)
    frames = within.annotate(count=Count("boxes"))
    return set(frames.filter(count__lt=settings.FRAME_MAX_BOXES).values_list("number", flat=True))
