"""How long a quick assistant takes, from the click to the last proposal, on a server of its own.

    make bench BENCH=assistant ARGS='--data bikes.mp4'

A program draws the boxes of 24 frames over the API, around people, as nobody is there to do it. Then the assistant
is started. Afterwards its model proposes over 21 frames at a time, as on a page that labels each new frame as it opens.
"""

import argparse
import io
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from PIL import Image

from bench.pictures.people_boxes import PeopleFinder
from bench.pictures.video_visit import frames_of
from bench.server import report
from bench.server.client import Client, wait_until
from bench.server.local_server import LocalServer
from bench.server.report import Target

_DEMO_TEAM = 100
LABELED = 24
CONFIDENCE = 0.3
OPENED, AHEAD = 6, 20
# Between the end of a step and the beginning of the next: less than a sweep, which comes every 20 seconds.
MOST_BETWEEN = 3.0
_PATIENCE = 900.0
_BETWEEN_LOOKS = 0.1
_STEPS = ("dataset", "wait for the training", "training", "wait for the proposals", "proposals")


@dataclass(frozen=True)
class Moment:
    """How far the assistant is: the number of the step that is under way."""

    step: int
    error: str


def label(client: Client, video: str) -> int:
    """Finish some frames with boxes around their people; returns how many boxes."""
    finder, boxes = PeopleFinder(), 0
    frames = list(frames_of(client, video))
    for frame in frames[:: len(frames) // LABELED][:LABELED]:
        where = f"videos/{video}/frames/{frame['number']}"
        found = finder.find(Image.open(io.BytesIO(client.get_bytes(f"{where}.jpg"))), CONFIDENCE)
        given = [{"label": "person", **vars(box)} for box in found]
        client.put(f"{where}/boxes/", {"boxes": given, "finished": True, "version": frame["version"]})
        boxes += len(given)
    return boxes


def _now(client: Client, video: str) -> Moment:
    assistant = client.get(f"videos/{video}/quick-assistants/")["results"][0]
    if assistant["run"]:
        run = client.get(f"model-runs/{assistant['run']}/")
        return Moment(4 + (run["state"] != "RUNNING"), run["error"])
    if assistant["model"]:
        return Moment(2 + client.job(assistant["model"])["has_model"], assistant["error"])
    return Moment(int(client.get(f"datasets/{assistant['dataset']}/")["state"] == "READY"), assistant["error"])


def play(client: Client, video: str) -> list[float]:
    """Start an assistant; returns the seconds of each step."""
    client.post(f"videos/{video}/quick-assistants/")
    began = time.monotonic()
    ends: list[float] = []
    while len(ends) < len(_STEPS):
        now = _now(client, video)
        if now.error or time.monotonic() - began > _PATIENCE:
            sys.exit(f"it has come to {_STEPS[now.step]}: {now.error}")
        ends += [time.monotonic()] * (now.step - len(ends))
        time.sleep(_BETWEEN_LOOKS)
    return [end - begin for begin, end in zip([began, *ends], ends, strict=False)]


def open_frames(client: Client, video: str, model: str) -> Iterator[float]:
    """Open frames as a page does that labels itself; yields the seconds until all proposals have come."""
    for first in range(0, OPENED * AHEAD, AHEAD):
        began = time.monotonic()
        asked = {"model": model, "first": first, "last": first + AHEAD}
        run = client.post(f"videos/{video}/model-runs/", asked)["id"]
        while client.get(f"model-runs/{run}/")["state"] == "RUNNING":
            time.sleep(_BETWEEN_LOOKS)
        yield time.monotonic() - began


def _video(client: Client) -> dict[str, Any]:
    (video,) = wait_until(
        lambda: [video for video in client.get("videos/")["results"] if video["description"] == "assistant"],
        lambda found: found and found[0]["state"] == "READY",
        _PATIENCE,
    )
    return video


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="a video with people in it")
    options = parser.parse_args()
    report.print_machine()
    with tempfile.TemporaryDirectory() as folder, LocalServer(Path(folder) / "data") as server:
        client = server.demo_client()
        wanted = ("--team", str(_DEMO_TEAM), "--description", "assistant", "--every", "1")
        server.manage("add_video", str(options.data.resolve()), *wanted)
        video = _video(client)["id"]
        print(f"{label(client, video)} boxes in {LABELED} frames", flush=True)
        seconds = play(client, video)
        assistant = client.get(f"videos/{video}/quick-assistants/")["results"][0]
        run = client.get(f"model-runs/{assistant['run']}/")
        opened = list(open_frames(client, video, assistant["model"]))
    rows = [[step, report.number(took, 1)] for step, took in zip(_STEPS, seconds, strict=True)]
    report.print_table("A quick assistant", ["step", "seconds"], rows)
    print(f"\n{run['boxes_proposed']} boxes proposed in {run['frames_total']} frames.")
    print(f"{AHEAD + 1} frames as they are opened: {median(opened):.1f} s, at most {max(opened):.1f} s.")
    targets = [Target(f"seconds of {_STEPS[step]}", seconds[step], "at most", MOST_BETWEEN) for step in (1, 3)]
    return report.finish({"seconds": seconds, "opened": opened, "boxes": run["boxes_proposed"]}, targets)


if __name__ == "__main__":
    sys.exit(main())
