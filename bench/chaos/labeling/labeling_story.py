"""What became of a video whose boxes people draw, trackers follow and models propose: its boxes, and all runs."""

from dataclasses import dataclass
from typing import Any

Corners = tuple[float, float, float, float]


@dataclass(frozen=True)
class BoxNow:
    """A box. `track`: "" for none."""

    frame: int
    key: str
    corners: Corners
    origin: str
    confirmed: bool
    track: str


@dataclass(frozen=True)
class Followed:
    """An object of a tracker's run, from the frame `first` on. `missing`: frames in which it wasn't found."""

    track: str
    first: int
    at: int
    ending: str
    missing: tuple[int, ...]


@dataclass(frozen=True)
class RunNow:
    """A run of a tracker, with the `objects` that it follows, or of a model.

    `is_held`: whether a worker has it. `was_stopped`: whether a person asked for that.
    """

    what: str
    is_over: bool
    reason: str
    attempts: int
    is_held: bool
    objects: tuple[Followed, ...] = ()
    frames: tuple[int, int] = (0, 0)
    was_stopped: bool = False


@dataclass(frozen=True)
class LabelingStory:
    """All of it. `halves`: the frames whose proposals aren't those that the model's rows say. `folders`: left ones."""

    boxes: tuple[BoxNow, ...]
    runs: tuple[RunNow, ...]
    halves: tuple[int, ...]
    folders: tuple[str, ...]

    @classmethod
    def of(cls, told: dict[str, Any]) -> "LabelingStory":
        """Return the story as another process told it in JSON."""
        boxes = [BoxNow(**{**box, "corners": tuple(box["corners"])}) for box in told["boxes"]]
        return cls(tuple(boxes), tuple(map(_run, told["runs"])), tuple(told["halves"]), tuple(told["folders"]))


def _run(told: dict[str, Any]) -> RunNow:
    objects = [Followed(**{**one, "missing": tuple(one["missing"])}) for one in told["objects"]]
    return RunNow(**{**told, "objects": tuple(objects), "frames": tuple(told["frames"])})
