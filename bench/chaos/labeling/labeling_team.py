"""A team that labels a video while its server is killed: draws boxes, has them tracked, and lets its model propose."""

import http.client
import random
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bench.chaos.chaos_room import ANSWER_SECONDS, Team
from bench.chaos.judging.chaos_verdict import Wrong
from bench.chaos.labeling.labeling_story import BoxNow
from bench.pages.label_tab import LabelTab
from bench.server.client import ApiError, TookTooLong

# As the server's settings have it.
MOST_TRACKINGS = 3
# Objects begin in these frames, so that there is a long way to follow them.
_FIRST = (0, 60)
# Some have a box of a person so many frames later, where their tracking ends.
_GOAL = (100, 200)
_SIZE, _SIDE = (640, 360), 80
_SHORT = 20
_PAUSE = 0.5
_LOOK = ("label", "name", "corners", "origin", "confirmed", "track")
# More than any number of a change: so no frames are told.
_ALL = 2**31 - 1


@dataclass
class LabelingTeam:
    """`drawn`: what the server has said that it saved, by the boxes' keys."""

    team: Team
    tab: LabelTab
    label: dict[str, Any]
    model: str
    frames: int
    rng: random.Random
    drawn: dict[str, BoxNow] = field(default_factory=dict)
    wrongs: list[Wrong] = field(default_factory=list)

    def keep_busy(self) -> None:
        """Have as many trackings as there may be, and a long and a short run of the model."""
        running = self.trackings()
        if len(running) > MOST_TRACKINGS:
            self.wrongs.append(Wrong("answers", f"{len(running)} trackings of a team run at once"))
        for _ in range(MOST_TRACKINGS - len(running)):
            self._track()
        going = [run["last"] - run["first"] for run in self.model_runs()]
        if not any(length > _SHORT for length in going):
            with suppress(OSError, http.client.HTTPException):
                self.team.client._ask("DELETE", f"{self._api}/proposals/")
            self._run_model(0, self.frames - 1)
        if not any(length <= _SHORT for length in going):
            first = self.rng.randrange(self.frames - _SHORT)
            self._run_model(first, first + _SHORT)

    def check_limit(self) -> None:
        """One more tracking than there may be is refused with a sentence."""
        for _ in range(MOST_TRACKINGS - len(self.trackings())):
            self._track()
        key, frame = self._draw(None, self.rng.randrange(*_FIRST))
        if len(self.trackings()) != MOST_TRACKINGS:
            return  # one has just ended
        status, _ = self._patiently(lambda: self.tab.post("tracking/", _wish(frame, key)))
        if status != 400 and len(self.trackings()) > MOST_TRACKINGS:
            self.wrongs.append(Wrong("answers", f"tracking number {MOST_TRACKINGS + 1} was answered with {status}"))

    def stop_all(self) -> None:
        """Stop the trackings, as a person does."""
        for run in self.trackings():
            self._patiently(partial(self.tab.post, f"tracking/{run['id']}/stop/"))

    def undo(self, run: dict[str, Any]) -> Iterator[Wrong]:
        """Undo a tracking as one step: what people drew is left of its objects."""
        _, told = self._patiently(lambda: self.tab.get(f"tracking/{run['id']}/edits.json"))
        edits = [_inverse(edit) for edit in reversed(told["edits"])]
        for begin in range(0, len(edits), 100):
            part = edits[begin : begin + 100]
            status, answer = self._patiently(partial(self.tab.post, "save/", {"edits": part}))
            if status != 200 or answer["conflicts"]:
                yield Wrong("answers", f"undoing tracking {run['id']}: {status} {answer and answer['conflicts']}")

    def trackings(self) -> list[dict[str, Any]]:
        """The trackings that run."""
        return [run for run in self.all_trackings() if run["running"]]

    def all_trackings(self) -> list[dict[str, Any]]:
        """Those that run, and those that ended a moment ago."""
        _, told = self._patiently(lambda: self.tab.get(f"tracking.json?since={_ALL}"))
        runs: list[dict[str, Any]] = told["runs"]
        return runs

    def model_runs(self) -> list[dict[str, Any]]:
        """The runs of the model that aren't over."""
        runs = self.team.client.get(f"{self._api}/model-runs/")["results"]
        return [run for run in runs if run["state"] == "RUNNING"]

    @property
    def _api(self) -> str:
        return f"videos/{self.tab.video}"

    def _track(self) -> None:
        """Draw a box and have it followed; some have another one of the same object later."""
        track, frame = str(uuid.UUID(int=self.rng.getrandbits(128), version=4)), self.rng.randrange(*_FIRST)
        key, _ = self._draw(track, frame)
        if self.rng.random() < 0.5:
            self._draw(track, frame + self.rng.randrange(*_GOAL))
        # Where an answer was lost on the way, it's refused now: the object is tracked already.
        self._patiently(lambda: self.tab.post("tracking/", _wish(frame, key)))

    def correct(self) -> None:
        """Move a box that a tracker has made, perhaps behind it, so that it goes back there."""
        for run in self.trackings():
            made = [one for one in run["objects"] if one["at"] > run["first"] + 1]
            if made:
                one = self.rng.choice(made)
                return self._correct(one["track"], self.rng.randrange(run["first"] + 1, one["at"]))

    def _correct(self, track: str, frame: int) -> None:
        _, told = self._patiently(lambda: self.tab.get(f"frames.json?first={frame}"))
        boxes = [box for box in told["frames"][0]["boxes"] if box["track"] == track]
        if not boxes or boxes[0]["confirmed"]:
            return
        key, before = boxes[0]["key"], {name: boxes[0][name] for name in _LOOK}
        left, top, right, bottom = before["corners"]
        after = {**before, "corners": [left, top, right - 1, bottom - 1], "origin": "drawn", "confirmed": True}
        if self._saved(frame, key, before, after):
            self.drawn[key] = BoxNow(frame, key, (left, top, right - 1, bottom - 1), "drawn", True, track)

    def _saved(self, frame: int, key: str, before: dict[str, Any] | None, after: dict[str, Any]) -> bool:
        """Send a change of a box until the server has taken it, or a tracker was faster. Sent twice, it's done once."""
        edit = {"frame": frame, "boxes": [{"key": key, "before": before, "after": after}]}
        wish = {"edits": [{**edit, "finished": None, "ignored": None}]}
        status, told = self._patiently(lambda: self.tab.post("save/", wish))
        if status != 200:
            self.wrongs.append(Wrong("answers", f"a drawn box was answered with {status} {told}"))
        return status == 200 and not told["conflicts"]

    def _run_model(self, first: int, last: int) -> None:
        wish = {"model": self.model, "first": first, "last": last, "minimum_confidence": 0.2}
        with suppress(OSError, http.client.HTTPException, ApiError):
            self.team.client.post(f"{self._api}/model-runs/", wish)

    def _draw(self, track: str | None, frame: int) -> tuple[str, int]:
        """Draw a box, and send it until the server has taken it. Sent twice, it's drawn once."""
        left, top = (self.rng.randrange(0, side - _SIDE) for side in _SIZE)
        box = {
            "label": self.label["id"], "name": self.label["name"], "origin": "drawn", "confirmed": True, "track": track,
            "corners": [left, top, left + _SIDE, top + _SIDE],
        }  # fmt: skip
        key = str(uuid.UUID(int=self.rng.getrandbits(128), version=4))
        if not self._saved(frame, key, None, box):
            self.wrongs.append(Wrong("answers", f"a new box in frame {frame} couldn't be merged"))
        self.drawn[key] = BoxNow(frame, key, (left, top, left + _SIDE, top + _SIDE), "drawn", True, track or "")
        return key, frame

    def _patiently(self, ask: Callable[[], tuple[int, Any]]) -> tuple[int, Any]:
        """Ask until the server answers. Raises TookTooLong."""
        until = time.monotonic() + ANSWER_SECONDS
        while True:
            status, told = ask()
            if status in (200, 400):
                return status, told
            if time.monotonic() > until:
                raise TookTooLong(f"the label page answers {status}")
            time.sleep(_PAUSE)


def _wish(frame: int, key: str) -> dict[str, Any]:
    return {"frame": frame, "boxes": [key], "tracker": "automatic"}


def _inverse(edit: dict[str, Any]) -> dict[str, Any]:
    """What takes an edit back, as static/js/labeling/editing/edits.js has it."""
    return {
        "frame": edit["frame"],
        "boxes": [
            {"key": box["key"], "before": box["after"], "after": box["before"]} for box in reversed(edit["boxes"])
        ],
        "finished": edit["finished"] and {"before": edit["finished"]["after"], "after": edit["finished"]["before"]},
        "ignored": None,
    }
