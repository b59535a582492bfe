"""Whether saves are quick while a whole team labels, and whether any of them is lost.

    make bench BENCH=label_load
    python -m bench label_load --browsers 10 --seconds 60

A server of its own is started as `make run` starts it, and trains all the time. Each browser labels frames of its own
in one video of 1,000, as the label page does: it draws a box, moves it, and goes to the next frame; it asks every
1.5 seconds what the others changed. At the end the server's boxes are compared with all that it said it saved.
"""

import argparse
import json
import random
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.pages.label_tab import LabelTab
from bench.pages.load import Answered, Load, load
from bench.pages.load_people import new_members
from bench.server import report
from bench.server.client import wait_until
from bench.server.local_server import LocalServer
from bench.server.report import Target
from detector.contract import catalog

_DEMO_TEAM = 100
_START_SECONDS = 600.0
_SAVE_LIMIT_MS = 150.0
_FRAMES = 1000
# As static/js/labeling/editing/live.js has it.
_LOOK_SECONDS = 1.5
# A quick person: a box drawn or moved each second and a half.
_EDIT_SECONDS = 1.5


@dataclass
class Labeler:
    """One browser on the label page. `saved`: the corners of each box that the server has confirmed, by its key."""

    tab: LabelTab
    label: dict[str, Any]
    first: int
    saves: list[Answered] = field(default_factory=list)
    looks: list[Answered] = field(default_factory=list)
    saved: dict[str, list[float]] = field(default_factory=dict)
    _since: int = 0

    def work(self, until: float) -> None:
        """Label frame after frame until then."""
        rng = random.Random(self.first)  # noqa: S311 (nothing secret)
        number, looked = self.first, 0.0
        time.sleep(rng.uniform(0, _EDIT_SECONDS))
        while time.monotonic() < until:
            key, before = str(uuid.UUID(int=rng.getrandbits(128))), None
            for _ in range(2):
                left, top = rng.uniform(0, 900), rng.uniform(0, 500)
                after = {
                    "label": self.label["id"], "name": self.label["name"], "origin": "drawn", "confirmed": True,
                    "track": None, "corners": [left, top, left + 80, top + 90],
                }  # fmt: skip
                self._save(number, key, before, after)
                before = after
                if time.monotonic() - looked > _LOOK_SECONDS:
                    self._look(number)
                    looked = time.monotonic()
                time.sleep(_EDIT_SECONDS)
            number += 1

    def _save(self, number: int, key: str, before: dict[str, Any] | None, after: dict[str, Any]) -> None:
        edit = {"frame": number, "boxes": [{"key": key, "before": before, "after": after}]}
        body = json.dumps({"edits": [{**edit, "finished": None, "ignored": None}]}).encode()
        began = time.monotonic()
        status, answer, _ = self.tab.ask("POST", "save/", {"Content-Type": "application/json"}, body)
        self.saves.append(Answered("save", status, 1000 * (time.monotonic() - began)))
        if status == 200 and not json.loads(answer)["conflicts"]:
            self.saved[key] = after["corners"]

    def _look(self, number: int) -> None:
        began = time.monotonic()
        status, body, _ = self.tab.ask("GET", f"changes.json?since={self._since}&frame={number}", {})
        self.looks.append(Answered("changes", status, 1000 * (time.monotonic() - began)))
        if status == 200:
            self._since = json.loads(body)["changes"]


def print_video(frames: int) -> None:
    """Make a video and print its id. Called in the server's environment."""
    from bench.videos import galleries

    galleries.make_videos(1, frames)


def play(server: LocalServer, options: argparse.Namespace) -> tuple[Load, Load, int]:
    """Return how soon saves and looks were answered, and how many saved boxes aren't there."""
    client = server.demo_client()
    rows = wait_until(
        lambda: client.get("datasets/")["results"], lambda rows: rows and rows[0]["state"] == "READY", _START_SECONDS
    )
    script = f"from bench.pages import label_load; label_load.print_video({options.frames})"
    video = server.manage("shell", "--verbosity", "0", "--command", script).split()[-1]
    label = client.get("labels/")[0]
    people = new_members(server, _DEMO_TEAM, options.browsers)
    job = client.start(rows[0]["id"], options.model, 20_000, "trains meanwhile")
    client.wait_for_job(job, lambda now: now["live"] and now["live"]["step"] > 0, _START_SECONDS)
    each = options.frames // options.browsers
    labelers = [Labeler(LabelTab(server, one, video), label, place * each) for place, one in enumerate(people)]
    for labeler in labelers:
        labeler.tab.open()
    until = time.monotonic() + options.seconds
    threads = [threading.Thread(target=labeler.work, args=(until,)) for labeler in labelers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    client.stop(job)
    client.wait_for_end(job, _START_SECONDS)
    room = f"{options.browsers} browsers that label while a training runs"
    saves = load(f"saves, {room}", [one for labeler in labelers for one in labeler.saves])
    looks = load(f"changes, {room}", [one for labeler in labelers for one in labeler.looks])
    script = f"from bench.pages import label_load; label_load.print_boxes({video!r})"
    there = json.loads(server.manage("shell", "--verbosity", "0", "--command", script).splitlines()[-1])
    lost = sum(there.get(key) != corners for labeler in labelers for key, corners in labeler.saved.items())
    return saves, looks, lost


def print_boxes(video: str) -> None:
    """Print the corners of the video's boxes by their keys. Called in the server's environment."""
    from videos.models import Box

    boxes = Box.objects.filter(frame__video=uuid.UUID(video), person__isnull=False)
    print(json.dumps({str(box.key): [box.xmin, box.ymin, box.xmax, box.ymax] for box in boxes}))


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    report.print_machine()
    with tempfile.TemporaryDirectory() as folder, LocalServer(Path(folder) / "data") as server:
        saves, looks, lost = play(server, options)
    report.print_table(
        "Milliseconds until the label page is answered",
        ("what", "requests", "median", "95 of 100", "slowest", "errors"),
        [
            [one.room, str(one.requests), *map(report.number, (one.median_ms, one.p95_ms, one.slowest_ms)),
             str(one.errors)]
            for one in (saves, looks)
        ],
    )  # fmt: skip
    targets = [
        Target("ms for 95 of 100 saves", saves.p95_ms, "at most", _SAVE_LIMIT_MS),
        Target("saved boxes that are lost", lost, "at most", 0),
        Target("errors", saves.errors + looks.errors, "at most", 0),
    ]
    return report.finish({"saves": asdict(saves), "changes": asdict(looks), "lost": lost}, targets)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=catalog.DEFAULT, help="what is trained (default: %(default)s)")
    parser.add_argument("--browsers", type=int, default=10, help="that label (default: %(default)s)")
    parser.add_argument("--frames", type=int, default=_FRAMES, help="of the video (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=60, help="that it lasts (default: %(default)s)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
