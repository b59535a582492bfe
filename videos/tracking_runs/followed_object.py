"""One object while it is followed, between two looks at the database."""

from dataclasses import dataclass, field

from videos.labeling.merging import Look
from videos.models import TrackedObject
from videos.tracking.tracker import Corners, Found
from videos.tracking_runs.guides import Guide, Way

Ending = TrackedObject.Ending


@dataclass
class FollowedObject:
    """Where a guide is with one object.

    Args:
        row: as it was read last.
        look: what its boxes are like: label and track.
        guide: has found it up to the frame `at`.
        last: the last frame of the video.
        goal: the next frame in which a person set the object's box, and that box.
        gone: the next frame from which on the object is gone.
        found: boxes that aren't written yet.
        missing: the numbers of frames in which it wasn't found, so far.
    """

    row: TrackedObject
    look: Look
    guide: Guide
    at: int
    last: int
    goal: tuple[int, Corners] | None = None
    gone: int | None = None
    found: Way = field(default_factory=Way)
    missing: list[int] = field(default_factory=list)
    ending: str = Ending.NONE.value

    @property
    def next(self) -> int:
        return self.at + 1

    def look_ahead(self) -> None:
        """Say that it is at its end, where there is nothing to follow it to."""
        if self.ending:
            return
        if self.next == self.gone:
            self.ending = Ending.GONE.value
        elif self.at >= self.last:
            self.ending = Ending.LAST_FRAME.value
        elif self.goal and self.at >= self.goal[0]:
            self.ending = Ending.KEYFRAME.value

    def cut(self, end: int, ending: str) -> None:
        """Drop what was found beyond the frame `end`, and say why it ends there; "" where it doesn't."""
        self.found = {number: found for number, found in self.found.items() if number <= end}
        self.missing = [number for number in self.missing if number <= end]
        self.at, self.ending = end, ending

    def step(self, width: int, height: int) -> None:
        """Find the object in the next frame, a picture of that size."""
        if self.goal and self.next == self.goal[0]:
            self.found |= self.guide.arrive(*self.goal)
            self.at = self.next
        else:
            self._find(width, height)
        self.look_ahead()

    def _find(self, width: int, height: int) -> None:
        found = self.guide.find(self.next)
        if found and _is_inside(found, width, height):
            self.found[self.next] = found
        elif self.guide.looks_on:
            self.missing.append(self.next)
        else:
            self.ending = Ending.LOST.value
            return
        self.at = self.next


def _is_inside(found: Found, width: int, height: int) -> bool:
    """Whether anything of the box can be seen."""
    left, top, right, bottom = found.corners
    return max(left, 0) + 1 < min(right, width) and max(top, 0) + 1 < min(bottom, height)
