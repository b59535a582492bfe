"""The way that serves an object best, chosen by its look and by what was corrected so far.

From each box that a person set it follows the object ahead, notices when it's gone, and looks for it until it's back.
A correction starts it anew from there, and fills the frames before from both sides.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from videos.tracking import corrections
from videos.tracking.bending_tracker import BendingTracker
from videos.tracking.color_follower import ColorFollower
from videos.tracking.color_tracker import look_of
from videos.tracking.corners import overlap
from videos.tracking.object_shape import FITTING
from videos.tracking.pattern_tracker import PatternTracker
from videos.tracking.tracker import Corners, Found, Pictures, Pixels

# Colors that fill the box and end at its edge are followed as such.
_FLAT, _APART = 0.8, 0.85
_AT_EDGE = 3.0
# A box that covered so much of the corrected one only slipped.
_SLIPPED = 0.7
# An object bends when a person corrects it so few frames after her last box: its pattern doesn't hold even that long.
_SOON = 8
Follower = ColorFollower | PatternTracker | BendingTracker


@dataclass
class _Run:
    """Following the object from one keyframe on. `reached`: the last frame that is done."""

    steps: Iterator[tuple[int, Found | None]]
    reached: int


class Automatic:
    """One object through the frames of a video."""

    def __init__(self, frames: int, pictures: Pictures) -> None:
        self._frames, self._pictures = frames, pictures
        self.keyframes: dict[int, Corners | None] = {}
        self.boxes: dict[int, Found] = {}
        self._follower: Follower | None = None
        # The follower that saw the whole object: the one to find it again.
        self._best: PatternTracker | None = None
        self._ratio: float | None = None  # width to height of the whole object, where that was seen
        # From each keyframe on, as far as someone looked.
        self._runs: dict[int, _Run] = {}

    def shown(self, number: int) -> Corners | None:
        """Return the object's box in that frame, following it as far as there; None where it is gone."""
        before = max((key for key in self.keyframes if key <= number), default=None)
        if before is None:
            return None
        run = self._runs[before]
        while run.reached < number and (step := next(run.steps, None)):
            run.reached, found = step
            if found:
                self.boxes[run.reached] = found
        shown = self.boxes.get(number)
        return shown.corners if shown else None

    def put(self, number: int, corners: Corners) -> None:
        """Take a person's box: redo what comes after it, and bring what comes before it in line."""
        picture = self._pictures(number)
        self.shown(number)
        before = max((key for key in self.keyframes if key < number), default=None)
        self.keyframes[number] = corners
        bends = before is not None and self.keyframes[before] is not None and number - before <= _SOON
        follower = self._start(picture, corners, bends)
        if before is not None and number - before > 1:
            self._fill(before, number, corners)
        self._clear(number)
        self.boxes[number] = Found(corners, 1.0)
        self._runs[number] = _Run(self._ahead(number, follower), number)

    def remember(self, number: int, way: Mapping[int, Found]) -> None:
        """Take a person's box in the frame `number`, and the way from there as it was followed before."""
        self.put(number, way[number].corners)
        self.boxes |= way
        self._runs[number] = _Run(iter(()), max(way))

    def end(self, number: int) -> None:
        """Take a person's word that the object is gone from there on; look for it until it's back."""
        self.shown(number)
        self.keyframes[number] = None
        self._clear(number)
        steps = self._ahead(number, self._follower, gone=True) if self._follower else iter(())
        self._runs[number] = _Run(steps, number)

    def _start(self, picture: Pixels, corners: Corners, bends: bool) -> Follower:
        look = look_of(picture, corners)
        is_flat = look.filled > _FLAT and look.apart > _APART
        follower: Follower = ColorFollower() if is_flat else BendingTracker() if bends else PatternTracker()
        whole = self._whole(picture, corners)
        follower.start(picture, whole)
        if isinstance(follower, PatternTracker):
            if follower.fits >= FITTING and whole == corners:
                self._best = follower
            elif self._best and self._best.resume(picture, corners):
                follower = self._best
        self._follower = follower
        return follower

    def _whole(self, picture: Pixels, corners: Corners) -> Corners:
        """The box of the whole object where the picture's edge cuts it: as wide for its height as it was elsewhere."""
        height, width = picture.shape[:2]
        left, top, right, bottom = corners
        at_left, at_right = left <= _AT_EDGE, right >= width - _AT_EDGE
        at_top, at_bottom = top <= _AT_EDGE, bottom >= height - _AT_EDGE
        across, down = at_left or at_right, at_top or at_bottom
        if not across and not down:
            self._ratio = (right - left) / (bottom - top)
            return corners
        ratio = self._ratio or 1.0
        if across and not down:
            more = max(0.0, (bottom - top) * ratio - (right - left))
            return (left - more, top, right, bottom) if at_left else (left, top, right + more, bottom)
        if down and not across:
            more = max(0.0, (right - left) / ratio - (bottom - top))
            return (left, top - more, right, bottom) if at_top else (left, top, right, bottom + more)
        return corners

    def _ahead(self, number: int, follower: Follower, gone: bool = False) -> Iterator[tuple[int, Found | None]]:
        until = min((key for key in self.keyframes if key > number), default=self._frames)
        # After a person's word that it is gone, what looks like it there isn't it.
        is_believed = not gone
        for after in range(number + 1, until):
            picture = self._pictures(after)
            found = None if gone else follower.step(picture)
            if found is None:
                if isinstance(follower, PatternTracker) and self._best:
                    follower = self._follower = self._best
                found = follower.find_again(picture)
                if found is None:
                    is_believed = True
                elif not is_believed:
                    found = None
            gone = found is None
            yield after, found

    def _fill(self, first: int, last: int, corners: Corners) -> None:
        """Bring the frames before a correction in line with it.

        Where the object was nearly right, it only slipped: its last frames follow the correction. Where it was not, it
        is also followed back from the correction, and both ways are joined where they agree most.
        """
        boxes = {number: box.corners for number, box in self.boxes.items() if first <= number <= last}
        follower = self._follower
        if isinstance(follower, BendingTracker):
            self._replace(corrections.between(boxes, self._behind(first, last, corners), first, last, corners))
        elif last not in boxes:
            return
        elif overlap(boxes[last], corners) <= _SLIPPED:
            self.boxes |= corrections.joined(boxes, self._behind(first, last, corners), last)
        # A color is found anew in each frame, so nothing slipped before.
        elif not isinstance(follower, ColorFollower):
            self._replace(corrections.slipped(boxes, first, last, corners))

    def _replace(self, boxes: Mapping[int, Corners]) -> None:
        self.boxes |= {number: Found(box, self.boxes[number].score) for number, box in boxes.items()}

    def _behind(self, first: int, last: int, corners: Corners) -> dict[int, Corners]:
        """Where the object is when it's followed back from a person's box."""
        back = self._start_again(last, corners)
        behind: dict[int, Corners] = {}
        for number in range(last - 1, first - 1, -1):
            found = back.step(self._pictures(number)) if number in self.boxes else None
            if found is None:
                break
            behind[number] = found.corners
        return behind

    def _start_again(self, number: int, corners: Corners) -> Follower:
        follower: Follower = type(self._follower)() if self._follower else PatternTracker()
        picture = self._pictures(number)
        follower.start(picture, self._whole(picture, corners))
        return follower

    def _clear(self, number: int) -> None:
        until = min((key for key in self.keyframes if key > number), default=self._frames)
        for after in range(number, until):
            self.boxes.pop(after, None)
