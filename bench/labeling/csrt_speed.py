"""How much of the speed of a bare OpenCV loop is left when CSRT runs as the product runs it, with 3 boxes."""

import time
from typing import Any

import cv2

from bench.labeling import rendered
from bench.labeling.rendered import Film, Scene
from videos.tracking.by_name import catalog
from videos.tracking.tracker import Corners

_FRAMES, _BOXES, _ROUNDS = 12, 3, 5


def share_of_bare_loop() -> float:
    """Return our frames a second, of the bare loop's: the best of some rounds in turn."""
    film = rendered.render(Scene("3", 4, _BOXES, False, _FRAMES))
    boxes = [(60.0 + 190 * place, 120.0, 140.0 + 190 * place, 200.0) for place in range(_BOXES)]
    bare, ours = zip(*((_bare(film, boxes), _ours(film, boxes)) for _ in range(_ROUNDS)), strict=True)
    return min(bare) / min(ours)


def _bare(film: Film, boxes: list[Corners]) -> float:
    start = time.process_time()
    legacy: Any = cv2.legacy
    trackers = [legacy.TrackerCSRT_create() for _ in boxes]
    first = film.picture(0)
    for tracker, (left, top, right, bottom) in zip(trackers, boxes, strict=True):
        tracker.init(first, _larger(left, top, right, bottom))
    for number in range(1, _FRAMES):
        picture = film.picture(number)
        for tracker in trackers:
            tracker.update(picture)
    return time.process_time() - start


def _ours(film: Film, boxes: list[Corners]) -> float:
    start = time.process_time()
    trackers = [catalog.tracker("CSRT") for _ in boxes]
    first = film.picture(0)
    for tracker, box in zip(trackers, boxes, strict=True):
        tracker.start(first, box)
    for number in range(1, _FRAMES):
        picture = film.picture(number)
        for tracker in trackers:
            tracker.step(picture)
    return time.process_time() - start


def _larger(left: float, top: float, right: float, bottom: float) -> tuple[int, int, int, int]:
    """The box that the tracker is given: 1.3 times as large, as the reference has it."""
    across, down = 0.15 * (right - left), 0.15 * (bottom - top)
    return round(left - across), round(top - down), round(right - left + 2 * across), round(bottom - top + 2 * down)
