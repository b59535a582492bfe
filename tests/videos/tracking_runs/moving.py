"""Trackers and pictures whose answers are known: what a run makes of them can be counted."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from videos.models import Box, Tracking, Video
from videos.tracking.tracker import Corners, Found, Pixels
from videos.tracking_runs import run_leases
from videos.tracking_runs.following import Run
from videos.tracking_runs.guides import ByTracker

STEP = 5.0


@dataclass
class Mover:
    """Says that the object goes five pixels to the right with every frame, until it is lost in the dark."""

    corners: Corners = (0, 0, 0, 0)
    started: list[Corners] = field(default_factory=list)

    def start(self, picture: Pixels, corners: Corners) -> None:
        self.corners = corners
        self.started.append(corners)

    def step(self, picture: Pixels) -> Found | None:
        left, top, right, bottom = self.corners
        self.corners = (left + STEP, top, right + STEP, bottom)
        return Found(self.corners, 0.9) if picture.any() else None


@dataclass
class Pictures:
    """Bright pictures, but those of the frames in `dark`. `then`: what happens when one is asked for, by its number."""

    dark: set[int] = field(default_factory=set)
    then: dict[int, Callable[[], object]] = field(default_factory=dict)
    asked: list[int] = field(default_factory=list)

    def __call__(self, number: int) -> Pixels:
        self.asked.append(number)
        if happens := self.then.pop(number, None):
            happens()
        return np.full((360, 640, 3), 0 if number in self.dark else 255, np.uint8)


def follow(pictures: Pictures | None = None, looks_on: bool = False) -> Tracking:
    """Do the next run as its process does, with a write after every frame. `looks_on`: for an object that is lost."""
    run, lease = run_leases.claim_next()
    ticks = iter(range(10**6))
    pictures = pictures or Pictures()

    def guide() -> ByTracker:
        made = ByTracker(Mover(), pictures)
        made.looks_on = looks_on
        return made

    Run(run, lease, pictures, guide, lambda: next(ticks)).follow()
    run.refresh_from_db()
    return run


def lefts(video: Video, **only: object) -> dict[int, float]:
    """Where boxes begin, by the numbers of their frames."""
    boxes = Box.objects.filter(frame__video=video, **only).order_by("frame__number", "id")
    return {box.frame.number: round(box.xmin, 3) for box in boxes.select_related("frame")}
