import math
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from detector.contract import catalog
from ftcml.accounts.models import Team
from ftcml.accounts.services import ledger
from tests import lineages
from tests.factories import DatasetFactory, TrainingJobFactory, VideoFrameFactory, counts
from training.models import MeasuredSpeed, TrainingWorker
from training.refusals import JobRefused
from training.services import registry
from training.services.starting import plan
from training.states import JobState

FRAMES = st.integers(1, 200_000)
BATCHES = st.sampled_from([1, 2, 4, 8, 16, 32, 64])


def test_the_worked_example_of_the_reference() -> None:
    assert plan.steps_per_epoch(1300, 32) == 41
    assert plan.advised_steps(1300, 32) == 4100
    assert plan.epochs(4100, 1300, 32) == 100


@given(FRAMES, BATCHES)
def test_an_epoch_shows_every_frame_and_no_whole_batch_more(frames: int, batch: int) -> None:
    steps = plan.steps_per_epoch(frames, batch)
    assert (steps - 1) * batch < frames <= steps * batch


@given(st.integers(1, 20_000), FRAMES, BATCHES)
def test_epochs_are_whole_rounds_over_the_frames(steps: int, frames: int, batch: int) -> None:
    count = plan.epochs(steps, frames, batch)
    assert count * frames <= steps * batch < (count + 1) * frames


@given(FRAMES, BATCHES)
def test_the_advised_steps_make_a_hundred_epochs_where_the_limit_allows(frames: int, batch: int) -> None:
    advised = plan.advised_steps(frames, batch)
    assert advised % 100 == 0
    assert 100 <= advised <= 20_000
    if advised < 20_000:
        assert plan.epochs(advised, frames, batch) >= 100
        assert advised - math.ceil(100 * frames / batch) < 100


@given(st.integers(1, 100))
def test_the_batch_halves_until_the_frames_fill_it(frames: int) -> None:
    batch = catalog.batch_size(catalog.starting_model(catalog.DEFAULT), "cpu", frames)
    assert batch in (1, 2, 4, 8, 16, 32)
    assert batch <= frames
    assert batch == 32 or batch * 2 > frames


@pytest.fixture
def dataset(team):
    return DatasetFactory(team=team, counts=counts(training=1300, evaluation=300))


def planned(team, dataset, **choices):
    usual = {"datasets": [dataset], "starting_model": catalog.DEFAULT, "training_steps": 3000}
    return plan.plan(team, **{**usual, **choices})


def test_a_plan_says_what_the_job_would_be(team, dataset) -> None:
    job = planned(team, dataset)
    assert (job.batch_size, job.training_frames, job.evaluation_frames) == (32, 1300, 300)
    assert (job.steps_per_epoch, job.epochs, job.advised_steps) == (41, 73, 4100)
    assert (job.minutes_allowed, job.minutes_remaining) == (600, 600)
    assert job.rule_of_thumb == (
        "Rule of thumb: show the model each frame 100 times (100 epochs). 4,063 steps make 100 epochs; we suggest "
        "4,100, the next multiple of 100."
    )
    assert job.exact_steps == 4063
    assert "memorizes your frames" in job.overtraining


def test_steps_that_are_a_multiple_already_are_not_rounded(team) -> None:
    even = DatasetFactory(team=team, counts=counts(training=32))
    assert planned(team, even).rule_of_thumb.endswith("That takes 100 steps.")


def test_a_goal_beyond_the_most_steps_is_said_with_what_can_be_had(team) -> None:
    large = DatasetFactory(team=team, counts=counts(training=10_000))
    assert planned(team, large).rule_of_thumb.endswith(
        "That takes 31,250 steps, but a training can have 20,000: 64 epochs."
    )


def test_a_full_queue_is_told_before_the_training_is_started(team, dataset, settings) -> None:
    registry.report("worker-1", "cpu", 1)
    assert planned(team, dataset).queue_note == ""
    settings.QUEUE_LIMIT = 0
    assert planned(team, dataset).queue_note == (
        "The queue is full: 0 trainings are waiting, from all teams on this server. When one starts, the next can "
        "join. Start now all the same: your training waits on the Models tab, and we queue it as soon as we can."
    )


def test_the_minutes_leave_room_for_the_estimate(team, dataset) -> None:
    assert planned(team, dataset).advised_minutes == 60
    trained()
    assert planned(team, dataset, training_steps=1000).advised_minutes == 40
    assert planned(team, dataset, training_steps=100).advised_minutes == 10


def test_the_frames_of_several_datasets_add_up(team, dataset) -> None:
    another = DatasetFactory(team=team, counts=counts(training=100, evaluation=0))
    assert planned(team, dataset, datasets=[dataset, another]).training_frames == 1400


def test_without_a_measurement_there_is_no_estimate(team, dataset) -> None:
    job = planned(team, dataset, max_minutes=1)
    assert job.estimated_minutes is None
    assert job.estimate == "No estimate yet. The first training on this server tells how fast it is."
    assert not job.is_measuring
    assert job.time_warning == ""


def test_a_new_server_says_that_it_measures_its_speed(team, dataset, training_worker) -> None:
    job = planned(team, dataset)
    assert job.estimate == "Measuring this computer's speed. Ready in about 30 seconds."
    assert job.is_measuring


def test_a_server_that_trains_before_it_has_measured_promises_nothing(team, dataset, training_worker) -> None:
    TrainingJobFactory(state=JobState.RUNNING)
    assert planned(team, dataset).estimate.startswith("No estimate yet.")


def test_one_measurement_is_an_estimate_for_every_starting_model(team, dataset, training_worker) -> None:
    MeasuredSpeed.objects.create(
        worker="worker-1", accelerator="cpu", starting_model=catalog.DEFAULT, seconds_per_frame=0.05
    )
    minutes = [
        planned(team, dataset, starting_model=model.name, training_steps=100).estimated_minutes
        for model in catalog.starting_models()[:4]
    ]
    assert minutes == [3, 4, 23, 4]


def trained(**fields):
    usual = {"state": JobState.SUCCEEDED, "training_seconds": 600, "batch_size": 32}
    steps = {"steps_completed": 400, "live_step": 400}
    return TrainingJobFactory(**{**usual, **steps, **fields})


def test_the_estimate_is_made_from_what_this_server_measured(team, dataset) -> None:
    trained()  # 1.5 seconds a step, evaluations included
    job = planned(team, dataset, training_steps=1000)
    assert job.estimated_minutes == 25
    assert job.estimate == "About 25 minutes on this server."


def test_a_job_with_another_batch_counts_by_its_frames(team, dataset) -> None:
    trained(batch_size=16)
    assert planned(team, dataset, training_steps=1000).estimated_minutes == 50


def test_jobs_on_another_accelerator_say_nothing(team, dataset) -> None:
    trained(accelerator="gpu")
    assert planned(team, dataset).estimated_minutes is None


def test_jobs_with_another_model_count_by_what_it_costs_until_this_one_was_trained(team, dataset) -> None:
    """400 steps in 10 minutes make 100 in 2.5."""
    trained()
    assert planned(team, dataset, training_steps=100).estimated_minutes == 3
    costs = "SSD MobileNet V2 FPNLite 320x320"
    assert planned(team, dataset, starting_model=costs, training_steps=1000).estimated_minutes == 33


def test_one_odd_job_does_not_spoil_the_estimate(team, dataset) -> None:
    for seconds in (600, 600, 60_000):
        trained(training_seconds=seconds)
    assert planned(team, dataset, training_steps=1000).estimated_minutes == 25


def test_an_estimate_over_the_maximum_is_a_warning(team, dataset) -> None:
    trained()
    assert planned(team, dataset, training_steps=1000, max_minutes=25).time_warning == ""
    warning = planned(team, dataset, training_steps=1000, max_minutes=10).time_warning
    assert warning == (
        "You allow 10 minutes, so training would stop early, after about 400 steps. "
        "Allow 25 minutes, or choose fewer steps."
    )


def test_an_estimate_over_what_the_team_has_left_is_a_warning(team, dataset) -> None:
    trained()
    ledger.reset(Team.objects.filter(pk=team.pk), 20 * 60, "test")
    assert planned(team, dataset, training_steps=1000, max_minutes=20).time_warning == (
        "That's longer than the 20 minutes your team has left. It would stop early, after about 800 steps. "
        "Choose fewer steps, or a faster starting model."
    )


def test_more_minutes_than_the_team_has_are_a_warning(team, dataset) -> None:
    assert "has 600 minutes left" in planned(team, dataset, max_minutes=601).time_warning


def test_a_multiple_of_100_is_advised(team, dataset) -> None:
    assert planned(team, dataset, training_steps=300).steps_advice == ""
    assert "Use a multiple of 100" in planned(team, dataset, training_steps=350).steps_advice
    assert "50 to 20,000" in planned(team, dataset, training_steps=49).steps_advice


def test_a_plan_without_evaluation_frames_says_so(team) -> None:
    dataset = DatasetFactory(team=team, counts=counts(evaluation=0))
    assert "no evaluation frames" in planned(team, dataset).evaluation_note


def test_two_versions_whose_frames_are_on_both_sides_are_told(team) -> None:
    source = VideoFrameFactory(video__team=team)
    one, other = DatasetFactory(team=team), DatasetFactory(team=team, version=2)
    row = {"number": 0, "width": 1, "height": 1}
    one.frames.create(split="training", source=source, **row)
    other.frames.create(split="training", **row)
    one.frames.create(split="evaluation", **row)
    assert planned(team, one, datasets=[one, other]).evaluation_note == ""
    other.frames.create(split="evaluation", source=source, **row)
    note = planned(team, one, datasets=[one, other]).evaluation_note
    assert note.startswith("1 evaluation frame is for training in another of these datasets")
    assert planned(team, other).evaluation_note == ""


def test_the_accelerator_is_the_one_of_the_live_workers(team, dataset) -> None:
    now = timezone.now()
    TrainingWorker.objects.create(name="new", accelerator="gpu", last_seen=now)
    TrainingWorker.objects.create(name="gone", accelerator="tpu", last_seen=now - timedelta(minutes=3))
    assert planned(team, dataset).accelerator == "gpu"


def test_what_cannot_be_trained_cannot_be_planned(team) -> None:
    empty = DatasetFactory(team=team, counts=counts(training=0))
    with pytest.raises(JobRefused, match="no training frames"):
        planned(team, empty)


@given(FRAMES, BATCHES, st.integers(1, 40_000))
def test_more_steps_make_up_a_hundred_epochs_and_are_a_quarter_again_at_least(frames, batch, first_step) -> None:
    advised = plan.advised_more_steps(frames, batch, first_step)
    assert advised % 100 == 0
    assert 100 <= advised <= 20_000
    if advised < 20_000:
        assert plan.epochs(first_step + advised, frames, batch) >= 100
        assert plan.epochs(advised, frames, batch) >= 25


@pytest.fixture
def parent(team, dataset):
    return lineages.trained(1000, team=team, dataset=dataset, description="raccoons")


def test_a_plan_for_more_counts_on_from_the_parent(parent) -> None:
    job = plan.plan_more(parent, [], 3100)
    assert (job.first_step, job.last_step) == (1000, 4100)
    assert (job.batch_size, job.training_frames, job.steps_per_epoch) == (32, 1300, 41)
    assert (job.epochs, job.epochs_in_all, job.advised_steps) == (76, 100, 3100)
    assert job.starting_weights == "the model “raccoons” at step 1,000"
    assert job.rule_of_thumb == (
        "“raccoons” has trained 1,000 steps: 24 epochs of these frames. 3,063 more steps make 100 epochs, our rule of "
        "thumb."
    )


def test_more_datasets_make_more_frames(parent, team) -> None:
    another = DatasetFactory(team=team, counts=counts(training=100, evaluation=0))
    assert plan.plan_more(parent, [another, *parent.datasets.all()], 300).training_frames == 1400


def test_a_model_that_had_its_epochs_is_told_so(team, dataset) -> None:
    job = plan.plan_more(lineages.trained(5000, team=team, dataset=dataset, description="raccoons"), [], 300)
    assert job.rule_of_thumb == (
        "“raccoons” has trained 5,000 steps: 123 epochs of these frames. The rule of thumb is 100. Train more only if "
        "its evaluation mAP still rose."
    )
    assert job.advised_steps == 1100


def test_a_model_that_cannot_be_trained_more_has_no_plan(team) -> None:
    with pytest.raises(JobRefused, match="hasn't ended yet"):
        plan.plan_more(TrainingJobFactory(team=team, state=JobState.RUNNING), [], 300)


def test_the_speed_of_a_child_is_that_of_its_own_steps(team, dataset, parent) -> None:
    trained(parent=parent, first_step=1000, steps_completed=1400, live_step=1400)
    assert planned(team, dataset, training_steps=1000).estimated_minutes == 25


def test_a_child_without_a_step_of_its_own_says_nothing_about_speed(team, dataset, parent) -> None:
    trained(parent=parent, first_step=1000, steps_completed=1000, live_step=1000)
    assert planned(team, dataset, training_steps=1000).estimated_minutes is None
