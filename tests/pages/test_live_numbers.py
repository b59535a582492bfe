"""The small rules behind what the pages show."""

import json

import pytest

from datasets.models import Dataset, Frame
from datasets.services.gallery import Picture
from datasets.services.totals import totals
from datasets.split import Split
from tests.factories import counts
from training.models import TrainingJob
from training.services.progress import live
from training.states import JobState
from training.templatetags.training_time import about, clock


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0:00:00"), (249, "0:04:09"), (3661, "1:01:01"), (90_000, "25:00:00")]
)
def test_training_time_reads_like_a_clock(seconds: int, shown: str) -> None:
    assert clock(seconds) == shown


@pytest.mark.parametrize(("seconds", "said"), [(20, "less than a minute"), (170, "3 min"), (3600, "1 h 0 min")])
def test_time_left_is_said_as_a_person_would(seconds: int, said: str) -> None:
    assert about(seconds) == said


def _running(**fields: float) -> TrainingJob:
    return TrainingJob(state=JobState.RUNNING, steps_requested=400, max_seconds=600, **fields)


def test_time_left_ends_with_the_steps_or_with_the_minutes_whichever_is_first() -> None:
    assert live(_running(live_step=300, live_steps_per_second=2)).seconds_left == 50
    assert live(_running(live_step=10, live_steps_per_second=0.1, training_seconds=580)).seconds_left == 20


def test_time_left_is_unknown_before_there_is_a_speed() -> None:
    assert live(_running(live_step=0)).seconds_left is None


def test_only_a_running_job_is_live() -> None:
    assert live(TrainingJob(state=JobState.PREPARING, steps_requested=400)) is None


def test_datasets_are_counted_together() -> None:
    gym = Dataset(counts=counts(100, 25, ("cone", "cube")))
    pit = Dataset(counts=counts(60, 15, ("cone", "cube")))
    total = totals([gym, pit], Split.TRAINING)
    assert (total.frames, total.label_counts) == (160, {"cone": 160, "cube": 160})


def test_a_box_is_told_with_the_color_of_its_label() -> None:
    frame = Frame(width=200, height=100, boxes=[{"label": "cube", "box": [0.1, 0.5, 0.6, 1.0]}])
    picture = Picture.of(frame, Dataset(labels=["cone", "cube"]))
    assert json.loads(picture.boxes_as_json) == [{"label": "cube", "box": [0.1, 0.5, 0.6, 1.0], "color": 1}]
