"""What the product promises, tried on a real server with the real starting model: `make acceptance`.

Needs about half an hour on two cores, and the raccoon set: a zip of github.com/datitran/raccoon_dataset (its folders
images/ and annotations/). Prints a table of what it measured, then one line of JSON; fails when a target is missed.
"""

import argparse
import io
import json
import os
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from bench.server import robot
from bench.server.client import wait_until
from bench.server.faults import TrainerKiller
from bench.server.local_server import ROOT, LocalServer
from detector.contract.suppression import DEFAULT_DETECTIONS

MODEL = "SSD MobileNet v2 320x320"
DATA = Path(os.environ.get("FTCML_TEST_DATA", ROOT.parent / "shared" / "data")) / "raccoon-voc.zip"
LEAST_AP50, LEAST_AP = 0.90, 0.50
# No job of these takes longer on a machine that can be used at all.
A_JOB = 3600.0
AP, AP50 = "DetectionBoxes_Precision/mAP", "DetectionBoxes_Precision/mAP@.50IOU"


@dataclass(frozen=True)
class Finding:
    """One promise: what was measured, and whether it was kept."""

    promise: str
    measured: str
    kept: bool


class Acceptance:
    def __init__(self, server: LocalServer, data: Path, folder: Path) -> None:
        self._server, self._data, self._folder = server, data, folder
        self._client = server.demo_client()
        self._killer = TrainerKiller(server, self._client)
        self.numbers: dict[str, float] = {}

    def findings(self) -> Iterator[Finding]:
        """Try everything, one promise after the other."""
        sample = self._sample()
        yield from self._sample_trains(sample)
        yield from self._raccoons_are_found()
        yield from self._a_killed_trainer_goes_on(sample)
        yield from self._deaths_end(sample)

    def _sample(self) -> str:
        (dataset,) = wait_until(lambda: self._client.get("datasets/")["results"], bool, 300)
        return self._client.wait_for_dataset(dataset["id"], 300)["id"]

    def _sample_trains(self, sample: str) -> Iterator[Finding]:
        job = self._train(sample, 200, "sample, 200 steps")
        yield finding("sample dataset, 200 steps", job, job["state"] == "SUCCEEDED")
        seen = self._look(job["id"], Image.new("RGB", (640, 480)))
        yield Finding(
            "its model runs in LiteRT",
            f"boxes {list(seen.boxes.shape)}",
            seen.boxes.shape == (1, DEFAULT_DETECTIONS, 4),
        )

    def _raccoons_are_found(self) -> Iterator[Finding]:
        dataset = self._client.import_dataset(self._data, "raccoons")
        imported = self._client.wait_for_dataset(dataset, 300)
        frames = f"{imported['training']['frames']} + {imported['evaluation']['frames']} frames"
        yield Finding("raccoon zip imported", f"{imported['state']}, {frames}", imported["state"] == "READY")
        began = time.monotonic()
        job = self._train(dataset, 400, "raccoons, 400 steps")
        wall = time.monotonic() - began
        yield finding("raccoons, 400 steps", job, job["state"] == "SUCCEEDED")
        self._note_speed(job, wall)
        for name, tag, least in (("AP@.50", AP50, LEAST_AP50), ("AP", AP, LEAST_AP)):
            value = dict(self._client.metric(job["id"], tag))[job["model_step"]]
            self.numbers[name] = round(value, 4)
            yield Finding(
                f"{name} of its model on the held-out 20 % at least {least:.2f}", f"{value:.3f}", value >= least
            )
        score = float(self._look(job["id"], self._photograph()).scores[0, 0])
        yield Finding("its model sees a raccoon in a photograph", f"score {score:.2f}", score > 0.5)

    def _note_speed(self, job: dict[str, Any], wall: float) -> None:
        """Training Time holds the evaluations; the speed is of the training steps alone."""
        speeds = [value for _, value in self._client.metric(job["id"], "steps_per_sec", "train")]
        self.numbers["training_minutes"] = round(job["training_seconds"] / 60, 1)
        self.numbers["minutes_from_start_to_download"] = round(wall / 60, 1)
        self.numbers["batch_size"] = job["batch_size"]
        self.numbers["images_per_second"] = round(float(np.mean(speeds)) * job["batch_size"], 1)

    def _a_killed_trainer_goes_on(self, sample: str) -> Iterator[Finding]:
        job = self._start(sample, 250, "250 steps, killed once")
        self._killer.kill(job, lambda now: now["steps_completed"] >= 100, A_JOB)
        ended = self._client.wait_for_end(job, A_JOB)
        kept = ended["state"] == "SUCCEEDED" and ended["steps_completed"] == 250
        yield finding("kill -9 after step 100: it goes on", ended, kept)
        steps = [step for step, _ in self._client.metric(job, "Loss/total_loss", "train")]
        yield Finding("250 steps: a checkpoint at 250", f"checkpoints at {steps}", steps == [100, 200, 250])

    def _deaths_end(self, sample: str) -> Iterator[Finding]:
        unlucky = self._start(sample, 400, "killed three times")
        limited = self._start(sample, 20_000, "one minute", max_minutes=1)
        for _ in range(3):
            self._killer.kill(unlucky, lambda now: now["steps_completed"] == 0, A_JOB)
        failed = self._client.wait_for_end(unlucky, A_JOB)
        yield Finding("three deaths in a row", f"{failed['state']}: {failed['state_reason']}", has_failed(failed))
        cut = self._client.wait_for_end(limited, A_JOB)
        reached = self._client.metric(limited, "Loss/total_loss", "train")[-1][0]
        kept = cut["state"] == "STOPPED" and 0 < cut["steps_completed"] == reached
        yield finding("the next job, cut by its time limit", cut, kept)
        self._look(limited, self._photograph())

    def _start(self, dataset: str, steps: int, description: str, max_minutes: int = 60) -> str:
        print(f"… {description}", flush=True)
        return self._client.start(dataset, MODEL, steps, description, max_minutes)

    def _train(self, dataset: str, steps: int, description: str) -> dict[str, Any]:
        return self._client.wait_for_end(self._start(dataset, steps, description), A_JOB)

    def _look(self, job: str, picture: Image.Image) -> robot.Seen:
        return robot.look(self._client.download_model(job, self._folder / f"{job}.tflite"), picture)

    def _photograph(self) -> Image.Image:
        """The first picture of the raccoon set."""
        with zipfile.ZipFile(self._data) as archive:
            name = min(name for name in archive.namelist() if name.lower().endswith((".jpg", ".jpeg")))
            return Image.open(io.BytesIO(archive.read(name)))


def finding(promise: str, job: dict[str, Any], kept: bool) -> Finding:
    reason = f" ({job['state_reason']})" if job["state_reason"] else ""
    return Finding(promise, f"{job['state']} at step {job['steps_completed']}{reason}", kept)


def has_failed(job: dict[str, Any]) -> bool:
    return job["state"] == "FAILED" and bool(job["state_reason"])


def report(findings: list[Finding], numbers: dict[str, float]) -> None:
    """The table for people, the last line for programs."""
    width = max(len(found.promise) for found in findings)
    for found in findings:
        print(f"{'ok    ' if found.kept else 'MISSED'}  {found.promise:<{width}}  {found.measured}")
    for name, number in numbers.items():
        print(f"        {name:<{width}}  {number}")
    missed = [asdict(found) for found in findings if not found.kept]
    print(json.dumps({"kept": not missed, "missed": missed, **numbers}), flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="the raccoon set as a zip (default: %(default)s)")
    data = parser.parse_args().data
    if not data.exists():
        parser.error(f"{data} is not there. Get github.com/datitran/raccoon_dataset as a zip, and name it with --data.")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with LocalServer(folder / "data") as server:
            acceptance = Acceptance(server, data, folder)
            findings = list(acceptance.findings())
        report(findings, acceptance.numbers)
    return 0 if all(found.kept for found in findings) else 1


if __name__ == "__main__":
    sys.exit(main())
