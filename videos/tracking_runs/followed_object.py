"""One object while a tracker follows it. Needs no database but its rows."""

from collections.abc import Callable
from dataclasses import dataclass, field

from videos.labeling.merging import Look
from videos.models import TrackedObject
from videos.tracking.tracker import Found, Pixels, Tracker

Ending = TrackedObject.Ending
Pictures = Callable[[int], Pixels]


@dataclass
class FollowedObject:
    """Where a tracker is with one object. `found`: boxes that aren't written yet, by the numbers of their frames.

    Args:
        row: as it was read last.
        look: what its boxes are like: label and track.
        tracker: has seen the frame `at`.
        goal: the next frame in which a person set the object's box.
        gone: the next frame from which on the object is gone.
        last: the last frame of the video.
    """

    row: TrackedObject
    look: Look
    tracker: Tracker
    at: int
    last: int
    goal: int | None = None
    gone: int | None = None
    found: dict[int, Found] = field(default_factory=dict)
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
        elif self.goal is not None and self.at >= self.goal:
            self.ending = Ending.KEYFRAME.value

    def step(self, picture: Pixels) -> None:
        """Find the object in the next frame."""
        found = self.tracker.step(picture)
        if found is None or not _is_inside(found, picture):
            # Where a person has set its box a loss means nothing.
            is_at_goal = self.next == self.goal
            self.ending = (Ending.KEYFRAME if is_at_goal else Ending.LOST).value
            return
        self.at = self.next
        self.found[self.at] = found
        self.look_ahead()


def _is_inside(found: Found, picture: Pixels) -> bool:
    """Whether anything of the box can be seen."""
    height, width = picture.shape[:2]
    left, top, right, bottom = found.corners
    return max(left, 0) + 1 < min(right, width) and max(top, 0) + 1 < min(bottom, height)
