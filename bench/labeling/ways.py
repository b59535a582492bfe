"""The ways to label one thing through a video: what the page shows after each action of the person."""

from collections.abc import Callable, Iterator
from typing import Protocol

from videos.tracking import interpolation
from videos.tracking.corners import shifted
from videos.tracking.tracker import Corners, Pictures, Tracker


class Way(Protocol):
    def shown(self, number: int) -> Corners | None: ...
    def put(self, number: int, corners: Corners) -> None: ...
    def end(self, number: int) -> None: ...


class ByHand:
    def __init__(self, frames: int) -> None:
        self._boxes: list[Corners | None] = [None] * frames

    def shown(self, number: int) -> Corners | None:
        return self._boxes[number]

    def put(self, number: int, corners: Corners) -> None:
        self._boxes[number] = corners

    def end(self, number: int) -> None:
        self._boxes[number] = None


class Linear:
    """Keyframes, and straight lines between them. After the last the box stays, until its end."""

    def __init__(self, frames: int) -> None:
        self._frames = frames
        self._keyframes: dict[int, Corners | None] = {}
        self._boxes: dict[int, Corners] = {}

    def shown(self, number: int) -> Corners | None:
        return self._boxes.get(number)

    def put(self, number: int, corners: Corners) -> None:
        self._set(number, corners)

    def end(self, number: int) -> None:
        self._set(number, None)

    def _set(self, number: int, corners: Corners | None) -> None:
        self._keyframes[number] = corners
        self._boxes = dict(interpolation.between(self._keyframes, self._frames - 1))


class CopyPrevious:
    """Each frame begins with the boxes of the one before, by one key. `copies`: how often that key was pressed."""

    def __init__(self, frames: int) -> None:
        self._boxes: dict[int, Corners | None] = {}
        self._reached = -1
        self.copies = 0

    def shown(self, number: int) -> Corners | None:
        while self._reached < number:
            self._reached += 1
            before = self._boxes.get(self._reached - 1)
            if before is not None and self._reached not in self._boxes:
                self._boxes[self._reached] = before
                self.copies += 1
        return self._boxes.get(number)

    def put(self, number: int, corners: Corners) -> None:
        self._boxes[number] = corners

    def end(self, number: int) -> None:
        self._boxes[number] = None


class Tracked:
    """A tracker runs ahead of the person from each box that she set. `re_interpolated`: corrections also move the
    boxes before them, the less the farther."""

    def __init__(self, frames: int, pictures: Pictures, tracker: Callable[[], Tracker], re_interpolated: bool) -> None:
        self._frames, self._pictures, self._tracker = frames, pictures, tracker
        self._re_interpolated = re_interpolated
        self._keyframes: dict[int, Corners | None] = {}
        self._boxes: dict[int, Corners | None] = {}
        self._run: Iterator[tuple[int, Corners | None]] = iter(())
        self._reached = frames

    def shown(self, number: int) -> Corners | None:
        while self._reached <= number:
            step = next(self._run, None)
            if step is None:
                self._reached = self._frames
                break
            self._boxes[step[0]], self._reached = step[1], step[0] + 1
        return self._boxes.get(number)

    def put(self, number: int, corners: Corners) -> None:
        old = self.shown(number)
        before = max((key for key in self._keyframes if key < number), default=None)
        if self._re_interpolated and old is not None and before is not None and self._keyframes[before] is not None:
            error = [a - b for a, b in zip(corners, old, strict=True)]
            for between in range(before + 1, number):
                if (box := self._boxes.get(between)) is not None:
                    part = (between - before) / (number - before)
                    self._boxes[between] = shifted(box, [part * side for side in error])
        self._keyframes[number] = corners
        self._clear(number)
        self._boxes[number] = corners
        self._run, self._reached = self._ahead(number, corners), number + 1

    def end(self, number: int) -> None:
        self._keyframes[number] = None
        self._clear(number)
        self._run, self._reached = iter(()), self._frames

    def _clear(self, number: int) -> None:
        until = min((key for key in self._keyframes if key > number), default=self._frames)
        for after in range(number, until):
            self._boxes.pop(after, None)

    def _ahead(self, number: int, corners: Corners) -> Iterator[tuple[int, Corners | None]]:
        tracker = self._tracker()
        tracker.start(self._pictures(number), corners)
        until = min((key for key in self._keyframes if key > number), default=self._frames)
        for after in range(number + 1, until):
            found = tracker.step(self._pictures(after))
            yield after, found.corners if found else None
            if not found:
                return
