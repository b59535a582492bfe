"""A small drawn dataset, balls and cubes on a table, and jobs that train on it."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from datasets.tfrecords import Box, Record, write_shard
from detector.contract import attempt_files
from detector.contract.spec import JobSpec

LABELS = ["ball", "cube"]
TINY = "Tiny test model 96x96"
_COLORS = {"ball": (220, 40, 40), "cube": (30, 60, 210)}
_SIDE = 128


def frame(rng: np.random.Generator, number: int) -> Record:
    """One or two shapes; every tenth frame is negative."""
    picture = Image.new("RGB", (_SIDE, _SIDE), tuple(rng.integers(90, 170, 3).tolist()))
    boxes = [_draw(rng, picture) for _ in range(0 if number % 10 == 9 else 1 + number % 2)]
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=95)
    return Record(f"{number}.jpg", stream.getvalue(), _SIDE, _SIDE, boxes)


def _draw(rng: np.random.Generator, picture: Image.Image) -> Box:
    label = LABELS[rng.integers(2)]
    size = int(rng.integers(36, 64))
    left, top = (int(place) for place in rng.integers(0, _SIDE - size, 2))
    draw = ImageDraw.Draw(picture)
    shape = draw.ellipse if label == "ball" else draw.rectangle
    shape([left, top, left + size, top + size], fill=_COLORS[label])
    return Box(label, top / _SIDE, left / _SIDE, (top + size) / _SIDE, (left + size) / _SIDE)


def write_shards(folder: Path, training_frames: int = 24, evaluation_frames: int = 10) -> JobSpec:
    """Draw a dataset into `folder` and return a job of the tiny model on it: 25 steps, a checkpoint every 10."""
    rng = np.random.default_rng(0)
    shards = {"training": folder / "training.record", "evaluation": folder / "evaluation.record"}
    for shard, frames in zip(shards.values(), (training_frames, evaluation_frames), strict=True):
        write_shard(shard, [frame(rng, number) for number in range(frames)], LABELS)
    return JobSpec(
        starting_model=TINY,
        label_names=LABELS,
        training_shards=[str(shards["training"])],
        evaluation_shards=[str(shards["evaluation"])],
        training_frames=training_frames,
        evaluation_frames=evaluation_frames,
        batch_size=8,
        steps=25,
        checkpoint_interval=10,
        device="cpu",
        description="Balls and cubes",
    )


def attempt(folder: Path, job: JobSpec, **changes: object) -> Path:
    """An attempt's folder with the job, changed as wanted."""
    folder.mkdir()
    attempt_files.write(folder / attempt_files.JOB, replace(job, **changes))
    return folder
