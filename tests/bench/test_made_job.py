"""The job that nobody trained looks like one that somebody did, and gets better from step to step."""

import pytest

from bench.pages.made_job import make_job
from ftcml.accounts.models import Team
from ftcml.core.files import storage
from training.insight import checkpoint_detections
from training.models import Checkpoint, TrainingJob

LABELS = ["ball", "cube", "duck"]


@pytest.fixture
def job(team: Team) -> TrainingJob:
    return make_job(team, steps=800, every=400, frames=30, labels=LABELS)


def test_it_makes_every_kind_of_mistake_and_gets_better(job: TrainingJob) -> None:
    early, late = job.checkpoints.all()
    frames = checkpoint_detections.detections(early)["frames"]
    kinds = {found["kind"] for frame in frames for found in frame["detections"]}
    assert kinds == {"right", "wrong label", "false alarm"}
    assert any(not truth["score"] and not truth["seen_as"] for frame in frames for truth in frame["truths"])
    assert early.summary["f1"] < late.summary["f1"]
    assert job.best_step == job.steps_completed == 800


def test_it_has_what_a_page_asks_for(job: TrainingJob) -> None:
    dataset = job.datasets.get()
    assert (
        len(checkpoint_detections.detections(job.checkpoints.get(step=800))["frames"]) == dataset.frames.count() == 30
    )
    objects = {label["label"]: label["objects"] for label in job.checkpoints.get(step=800).summary["labels"]}
    assert objects == dataset.counts["evaluation"]["label_counts"]
    pictures = [frame.picture_name for frame in checkpoint_detections.evaluation_frames(job)]
    assert storage.missing(pictures) == []
    assert job.metric_points.filter(step=800).count() == 22


def test_the_same_numbers_make_the_same_job(team: Team, job: TrainingJob) -> None:
    def content(checkpoint: Checkpoint) -> bytes:
        with storage.open_file(checkpoint.detections_name) as stream:
            return stream.read()

    again = make_job(team, steps=800, every=400, frames=30, labels=LABELS)
    assert [content(one) for one in again.checkpoints.all()] == [content(one) for one in job.checkpoints.all()]
