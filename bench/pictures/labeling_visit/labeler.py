"""A careful person: looks at every frame, and makes every box right before she confirms it.

One action each is a drawn box, a drag, an end, a confirmed stretch, a frame or many boxes accepted, a box
rejected, and a frame marked as one with nothing in it. Going through frames and choosing boxes is none.
"""

import re
from collections.abc import Sequence
from functools import partial

from bench.labeling.person import GOOD, with_corner
from bench.pictures.labeling_visit.eyes import Eyes, Thing
from bench.pictures.labeling_visit.hand import MOVE_SECONDS, Hand, ShownBox
from bench.pictures.labeling_visit.recording import Recorder
from videos.tracking.corners import overlap
from videos.tracking.tracker import Corners

_GOES_ON_SECONDS = 2
_TRACKED_SECONDS = 120
# So long she watches the boxes come, before she looks at them one by one.
_GLANCE_SECONDS = 4


class Labeler:
    """`film`: the number in the film of each of the video's frames, in their order."""

    def __init__(self, hand: Hand, eyes: Eyes, film: Sequence[int], recorder: Recorder) -> None:
        self.hand, self._eyes, self._film, self._recorder = hand, eyes, film, recorder
        # In which frame each label's object of this scene begins.
        self._began: dict[str, int] = {}

    def frames_of(self, scene: list[Thing]) -> list[int]:
        """Return the frames of the video in which something of a scene is seen."""
        first, last = min(thing.first for thing in scene), max(thing.last for thing in scene)
        return [number for number, in_film in enumerate(self._film) if first <= in_film <= last]

    def seen(self, number: int) -> dict[str, Corners]:
        return self._eyes.seen(self._film[number])

    def is_unclear(self, number: int) -> bool:
        return self._eyes.is_unclear(self._film[number])

    def make_label(self, name: str) -> None:
        page = self.hand.page
        page.get_by_label("New label").fill(name)
        page.get_by_label("New label").press("Enter")
        page.locator("#labels [aria-pressed=true]").get_by_text(name, exact=True).wait_for()
        self.hand.tally.steps += 1

    def draw_all(self, number: int) -> None:
        """Draw what is seen in a frame, and say that this is all."""
        self.hand.go_to(number)
        self.hand.look()
        for label, corners in self.seen(number).items():
            self.hand.draw(corners, label)
        self.hand.press("Enter", counts=False)
        self.hand.note("confirmed")

    def begin_tracking(self, scene: list[Thing]) -> list[int]:
        """Draw the things of a scene where it begins and have them followed; returns the frames to watch."""
        frames = self.frames_of(scene)
        self._began = {}
        self.hand.go_to(frames[0])
        self.hand.look()
        self._add_missing(frames[0])
        return frames[1:]

    def watch(self, frames: Sequence[int]) -> None:
        """Look at each frame as its boxes come, and correct what is wrong."""
        for number in frames:
            self.hand.go_to(number)
            self._await_tracker(number)
            self.hand.look()
            self._repair(number)

    def end(self, number: int) -> None:
        """In the first frame behind a scene: say that its objects are gone, so that nothing looks for them any more."""
        self.hand.go_to(number)
        self.hand.wait_until(lambda: self._tracked_to() > number, _TRACKED_SECONDS)
        self.hand.look()
        for label in self._began:
            if box := self.hand.box(label):
                self.hand.choose(box)
            else:
                self._choose_object(label, number)
            self._end_chosen()

    def confirm(self, last: int) -> None:
        """Confirm all boxes up to a frame, and their frames."""
        self.hand.go_to(last)
        check = self.hand.page.get_by_label("Also mark their frames as labeled")
        if not check.is_checked():
            check.check()
            self.hand.tally.steps += 1
        self.hand.press("Shift+y", counts=False)
        self.hand.note("confirmed")
        self.hand.wait_until(lambda: not any(box.is_open for box in self.hand.boxes()))
        self.hand.is_saved()

    def make_right(self, number: int) -> None:
        """Correct what is off, and draw what is missing."""
        for label, corners in self.seen(number).items():
            box = self.hand.box(label, corners)
            if box is None:
                self.hand.draw(corners, label)
            elif overlap(box.corners, corners) < GOOD:
                self._correct(box, corners)

    def _add_missing(self, number: int) -> None:
        """Draw what has no box yet, and have it followed; put the box of an object that was lost."""
        here = {box.label for box in self.hand.boxes()}
        missing = {label: corners for label, corners in self.seen(number).items() if label not in here}
        if self.is_unclear(number):
            return
        new = {label: corners for label, corners in missing.items() if label not in self._began}
        if new:
            with self._recorder.clip("Draw a box around each object", 8):
                for label, corners in new.items():
                    self.hand.draw(corners, label)
                if len(new) > 1:
                    self.hand.choose_all()
            self._began |= dict.fromkeys(new, number)
            self._track(glances=True)
        for label in missing.keys() - new.keys():
            self._put(number, label, missing[label])

    def _track(self, glances: bool = False) -> None:
        with self._recorder.clip("T: the object is followed, and boxes run ahead"):
            self.hand.press("t")
            self.hand.wait_until(self._is_tracking, 20)
            if glances:
                self.hand.wait(_GLANCE_SECONDS)

    def _go_on(self) -> None:
        """Where the page doesn't track on by itself after a correction, T does."""
        if not self.hand.wait_until(self._is_tracking, _GOES_ON_SECONDS):
            self._track()

    def _put(self, number: int, label: str, wanted: Corners) -> None:
        """Put an object's box where it was last, and drag it right."""
        self._choose_object(label, number)
        self.hand.press("g", counts=False)
        self.hand.note("drawn")
        box = self.hand.box(label)
        assert box, f"frame {number}: G put no box"
        self._correct(box, wanted)
        self._go_on()

    def _choose_object(self, label: str, number: int) -> None:
        """Choose it in the list, and come back: a click there shows a frame in which it has a box."""
        rows = self.hand.page.locator("#objects .object-row")
        rows.filter(has_text=f"{label}, frames {self._began[label] + 1}–").click()
        self.hand.tally.steps += 1
        self.hand.wait(MOVE_SECONDS)
        self.hand.go_to(number)

    def _is_tracking(self) -> bool:
        return "is-tracking" in (self.hand.page.locator("#objects").get_attribute("class") or "")

    def _tracked_to(self) -> int:
        """The frame up to which all that is followed was followed; a large number where nothing is any more."""
        words = self.hand.page.locator("#objects [data-words]").inner_text()
        numbers = [int(one.replace(",", "")) - 1 for one in re.findall(r"frame ([\d,]+)", words)]
        return min(numbers, default=10**6) if self._is_tracking() else 10**6

    def _await_tracker(self, number: int) -> None:
        """Wait until every thing has a box, or the trackers are beyond that frame."""
        wanted = set(self.seen(number))
        self.hand.wait_until(
            lambda: wanted <= {box.label for box in self.hand.boxes()} or self._tracked_to() > number, _TRACKED_SECONDS
        )

    def _repair(self, number: int) -> None:
        seen = self.seen(number)
        if not self.is_unclear(number):
            self._end_gone(seen)
        for label, corners in seen.items():
            box = self.hand.box(label, corners)
            if box and overlap(box.corners, corners) < GOOD:
                self._correct(box, corners)
                self._go_on()
        self._add_missing(number)

    def _correct(self, box: ShownBox, wanted: Corners) -> None:
        """One drag where that is enough, two otherwise."""
        by_corner = {corner: with_corner(box.corners, wanted, corner) for corner in range(4)}
        best = max(by_corner, key=lambda corner: overlap(by_corner[corner], wanted))
        moved = _moved(box.corners, wanted)
        if overlap(box.corners, wanted) >= GOOD:
            return
        if overlap(by_corner[best], wanted) >= GOOD:
            self.hand.drag_corner(box, best, wanted)
        elif overlap(moved, wanted) >= GOOD:
            self.hand.move(box, wanted)
        else:
            self.hand.drag_corner(box, 0, wanted)
            half = self.hand.box(box.label, wanted)
            assert half
            self.hand.drag_corner(half, 3, wanted)

    def _end_gone(self, seen: dict[str, Corners]) -> None:
        """End what has a box where it can't be seen."""
        for box in self.hand.boxes():
            if box.label in self._began and box.label not in seen and box.is_open:
                self.hand.choose(box)
                self._end_chosen()
                self.hand.wait_until(partial(self.hand.has_no, box.key), 20)

    def _end_chosen(self) -> None:
        self.hand.press("o", counts=False)
        self.hand.note("ended")
        self.hand.is_saved()


def _moved(corners: Corners, to: Corners) -> Corners:
    across = (to[0] + to[2] - corners[0] - corners[2]) / 2
    down = (to[1] + to[3] - corners[1] - corners[3]) / 2
    return corners[0] + across, corners[1] + down, corners[2] + across, corners[3] + down
