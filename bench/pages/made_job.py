"""A trained job that nobody trained: its rows, its evaluation pictures and its files of detections, made in seconds.

    FTCML_DATA=folder python -m bench made_job --steps 8000 --frames 100

adds one to the server whose data are in that folder, for a look at the pages of a long training. It has no weights and
no model file: there is nothing to download, and More Training has nothing to go on from.
"""

import argparse
import io
import math
import os
import sys
from collections.abc import Sequence
from functools import cache, partial
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING

import django
import numpy as np
from django.core.files.base import ContentFile

from bench.pages import made_detections
from datasets.sample import scenes
from detector.contract.checkpoints import Saved
from detector.contract.checkpoints import best as best_checkpoint
from detector.contract.suppression import MOST_DETECTIONS, Suppression
from detector.evaluation import coco_metrics
from detector.evaluation.detections import detections_file
from detector.evaluation.matching import match_all
from detector.evaluation.summary import summarize
from detector.frames.objects import Truth
from videos.sample import pieces
from videos.sample.scenery import HEIGHT, WIDTH

if TYPE_CHECKING:  # models can be imported when the settings are read, and no sooner
    from datasets.models import Dataset, Frame, FrameBox, SplitCounts
    from ftcml.accounts.models import Team
    from training.models import MetricPoint, TrainingJob

# So many pictures are drawn; frames beyond them show the same ones again.
PICTURES = 12
_NEGATIVE_EVERY = 6
_MOST_PIECES = 5
_DRAWN = {"ball": pieces.ball, "cube": pieces.cube, "cone": pieces.cone}
_LOSSES = {"classification_loss": 0.9, "localization_loss": 0.5, "regularization_loss": 0.12}
SECONDS_A_STEP = 0.6


def make_job(
    team: "Team",
    steps: int = 8000,
    every: int = 100,
    frames: int = 100,
    labels: Sequence[str] = ("ball", "cube"),
    seed: int = 0,
) -> "TrainingJob":
    """A job of `team` that has SUCCEEDED, with a checkpoint after `every` steps, measured on `frames` frames.

    The same numbers make the same job.
    """
    from detector.contract import catalog
    from training.models import JobDataset, TrainingJob
    from training.states import JobState

    labels = sorted(labels)
    dataset = _dataset(team, frames, labels, seed)
    job = TrainingJob.objects.create(
        team=team, description=f"made, {steps} steps", starting_model=catalog.DEFAULT, labels=labels, batch_size=32,
        steps_requested=steps, steps_completed=steps, max_seconds=36_000, state=JobState.SUCCEEDED,
        training_seconds=round(steps * SECONDS_A_STEP), started_from="nothing: made for a look at the pages",
    )  # fmt: skip
    JobDataset.objects.create(job=job, dataset=dataset)
    add_checkpoints(job, range(every, steps + 1, every), seed)
    return job


def add_checkpoints(job: "TrainingJob", steps: Sequence[int], seed: int = 0) -> None:
    """Publish checkpoints after these steps, as a training worker would: files, rows, metrics, the best one."""
    from detector.contract import attempt_files, reports
    from training.insight import checkpoint_detections
    from training.models import Checkpoint, MetricPoint

    truths = [_truth(frame, job.labels) for frame in checkpoint_detections.evaluation_frames(job)]
    checkpoints, points = [], []
    for step in steps:
        learned = made_detections.skill(step, job.steps_requested)
        found = [
            made_detections.detected(truth, len(job.labels), learned, (seed, number))
            for number, truth in enumerate(truths)
        ]
        measured, matched = coco_metrics.measure(truths, found, len(job.labels)), match_all(truths, found)
        name = f"{job.prefix}/{attempt_files.attempt_name(1)}/{attempt_files.detections_name(step)}"
        _put(name, detections_file(step, job.labels, matched))
        summary = summarize(matched, measured.labels, job.labels, Suppression(MOST_DETECTIONS)).stored()
        checkpoints.append(
            Checkpoint(
                job=job, step=step, lease_number=1, detections_name=name, summary=summary,
                mean_precision=measured.metrics.get(reports.MEAN_PRECISION),
            )
        )  # fmt: skip
        points += _metrics(job, step, learned, measured.metrics, np.random.default_rng([seed, step]))
    Checkpoint.objects.bulk_create(checkpoints)
    MetricPoint.objects.bulk_create(points)
    best = best_checkpoint([Saved(row.step, Path(), row.mean_precision) for row in job.checkpoints.all()])
    job.best_checkpoint = job.checkpoints.get(step=best.step) if best else None
    job.steps_completed = max(steps)
    job.save(update_fields=["best_checkpoint", "steps_completed"])


def _dataset(team: "Team", frames: int, labels: list[str], seed: int) -> "Dataset":
    from datasets.models import Dataset, Frame
    from datasets.split import Split

    pictures = [_picture(tuple(labels), seed, number) for number in range(min(frames, PICTURES))]
    dataset = Dataset.objects.create(
        team=team, description=f"made, {frames} frames", state=Dataset.State.READY, labels=labels
    )
    rows = []
    for number, (jpeg, boxes) in enumerate(islice(cycle(pictures), frames)):
        row = Frame(
            dataset=dataset, split=Split.EVALUATION, number=number, filename=f"made-{number:04d}.jpg",
            width=WIDTH, height=HEIGHT, boxes=boxes,
        )  # fmt: skip
        _put(row.picture_name, jpeg)
        rows.append(row)
    Frame.objects.bulk_create(rows)
    dataset.counts = {Split.TRAINING: _counts([], labels), Split.EVALUATION: _counts(rows, labels)}
    dataset.save()
    return dataset


@cache
def _picture(labels: tuple[str, ...], seed: int, number: int) -> "tuple[bytes, list[FrameBox]]":
    """A drawn JPEG and its boxes as Frame.boxes has them."""
    drawn = {label: _DRAWN.get(label, piece) for label, piece in zip(labels, cycle(_DRAWN.values()), strict=False)}
    cast = scenes.Cast(drawn, (pieces.slab,), scenes.SAMPLE.sizes)
    rng = np.random.default_rng([seed, number])
    is_negative = number % _NEGATIVE_EVERY == _NEGATIVE_EVERY - 1
    picture, boxes = scenes.render(rng, 0 if is_negative else int(rng.integers(1, _MOST_PIECES + 1)), cast)
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=80)
    fractions = [(box.label, box.ymin / HEIGHT, box.xmin / WIDTH, box.ymax / HEIGHT, box.xmax / WIDTH) for box in boxes]
    return stream.getvalue(), [{"label": label, "box": [round(edge, 4) for edge in box]} for label, *box in fractions]


def _truth(frame: "Frame", labels: list[str]) -> Truth:
    boxes = np.array([one["box"] for one in frame.boxes], np.float32).reshape(-1, 4)
    classes = np.array([labels.index(one["label"]) for one in frame.boxes], int)
    return Truth(frame.height, frame.width, boxes, classes)


def _counts(rows: Sequence["Frame"], labels: list[str]) -> "SplitCounts":
    found = [box["label"] for row in rows for box in row.boxes]
    return {
        "frames": len(rows),
        "negative_frames": sum(not row.boxes for row in rows),
        "label_counts": {label: found.count(label) for label in labels},
    }


def _metrics(
    job: "TrainingJob", step: int, learned: float, measured: dict[str, float], rng: np.random.Generator
) -> list["MetricPoint"]:
    """Every metric that ftc-ml names, at one checkpoint: `measured`, and made-up losses."""
    from training.models import MetricPoint

    noise = partial(rng.normal, 1.0, 0.03)
    points = {("train", "learning_rate"): 0.04 * (1 + math.cos(math.pi * step / job.steps_requested))}
    points["train", "steps_per_sec"] = noise() / SECONDS_A_STEP
    for split, gap in (("train", 0.02), ("eval", 0.12)):
        losses = {name: height * (1.02 - (1 - gap) * learned) * noise() for name, height in _LOSSES.items()}
        points |= {(split, f"Loss/{name}"): value for name, value in losses.items()}
        points[split, "Loss/total_loss"] = sum(losses.values())
    points |= {("eval", tag): value for tag, value in measured.items()}
    return [
        MetricPoint(job=job, split=split, tag=tag, step=step, value=value) for (split, tag), value in points.items()
    ]


def _put(name: str, content: bytes) -> None:
    from ftcml.core.files import storage

    storage.put(name, ContentFile(content))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--team", type=int, help="the team's number (default: that of the first team)")
    parser.add_argument("--steps", type=int, default=8000)
    parser.add_argument("--frames", type=int, default=100)
    parser.add_argument("--labels", nargs="+", default=["ball", "cube"])
    options = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ftcml.settings")
    django.setup()
    from ftcml.accounts.models import Team

    team = Team.objects.get(number=options.team) if options.team else Team.objects.earliest("pk")
    print(make_job(team, steps=options.steps, frames=options.frames, labels=options.labels).pk)
    return 0


if __name__ == "__main__":
    sys.exit(main())
