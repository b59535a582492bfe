"""The job that nobody trained has the form of one that somebody did, and gets better from step to step."""

import numpy as np
import pytest

from bench.made_job import make_job
from ftcml import storage
from ftcml.accounts.models import Team
from training import evaluated
from training.detector.comparison import iou
from training.models import Checkpoint, TrainingJob

LABELS = ["ball", "cube", "duck"]


@pytest.fixture
def job(team: Team) -> TrainingJob:
    return make_job(team, steps=800, every=400, frames=30, labels=LABELS)


def overlap(one: list[float], other: list[float]) -> float:
    return float(iou(np.array([one]), np.array([other]))[0, 0])


def test_every_detection_says_what_it_is_matched_with(job: TrainingJob) -> None:
    seen = set()
    for frame in evaluated.detections(job.checkpoints.get(step=400))["frames"]:
        scores = [found["score"] for found in frame["detections"]]
        assert scores == sorted(scores, reverse=True)
        for found in frame["detections"]:
            seen.add(found["kind"])
            if found["kind"] == "false alarm":
                assert (found["truth"], found["iou"]) == (-1, 0)
                assert all(overlap(found["box"], truth["box"]) < 0.5 for truth in frame["truths"])
                continue
            truth = frame["truths"][found["truth"]]
            assert found["iou"] == pytest.approx(overlap(found["box"], truth["box"]), abs=1e-3)
            assert found["iou"] >= 0.5
            assert (found["kind"] == "right") == (found["label"] == truth["label"])
            mine = (truth["score"],) if found["kind"] == "right" else (truth["seen_as"], truth["seen_as_score"])
            assert mine == ((found["score"],) if found["kind"] == "right" else (found["label"], found["score"]))
    assert seen == {"right", "wrong label", "false alarm"}


def test_the_summary_adds_up(job: TrainingJob) -> None:
    checkpoint = job.checkpoints.get(step=800)
    summary, frames = checkpoint.summary, evaluated.detections(checkpoint)["frames"]
    objects = {label["label"]: label["objects"] for label in summary["labels"]}
    counts = job.datasets.get().counts["evaluation"]
    assert objects == counts["label_counts"]
    assert len(frames) == counts["frames"] == 30
    for label, row in zip(LABELS, summary["confusion"], strict=False):
        assert sum(row) == objects[label]
    counted = sum(one["score"] >= summary["threshold"] for frame in frames for one in frame["detections"])
    right = sum(summary["confusion"][place][place] for place in range(len(LABELS)))
    assert sum(sum(row[:-1]) for row in summary["confusion"]) == counted
    assert summary["precision"] == pytest.approx(right / counted)
    assert summary["recall"] == pytest.approx(right / sum(objects.values()))


def test_it_gets_better_and_the_best_is_known(job: TrainingJob) -> None:
    first, last = (checkpoint.summary["f1"] for checkpoint in job.checkpoints.all())
    assert first < last
    assert job.best_step == job.steps_completed == 800
    assert job.metric_points.filter(step=800).count() == 22


def test_the_same_numbers_make_the_same_job(team: Team, job: TrainingJob) -> None:
    def content(checkpoint: Checkpoint) -> bytes:
        with storage.open_file(checkpoint.detections_name) as stream:
            return stream.read()

    again = make_job(team, steps=800, every=400, frames=30, labels=LABELS)
    assert [content(one) for one in again.checkpoints.all()] == [content(one) for one in job.checkpoints.all()]
    pictures = [frame.picture_name for frame in evaluated.evaluation_frames(again)]
    assert storage.missing(pictures) == []
