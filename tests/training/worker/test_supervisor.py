"""What the supervisor makes of a trainer: one that works, stops, runs out of time, fails, dies or hangs."""

import threading

import pytest
from django.db import OperationalError

from detector.contract.failure import Cause, TrainingFailed
from ftcml.accounts.models import LedgerEntry
from tests.training.scripted import completes, content, dies_after, supervise, until_interrupted
from training.models import Checkpoint, TrainingJob
from training.services import jobs
from training.states import JobState
from training.worker import job_leases
from training.worker.results import publishing


def states(job: TrainingJob) -> list[str]:
    return [event.new_state for event in job.events.all()]


def test_a_job_that_trains_every_step_succeeds(start) -> None:
    job = start(training_steps=250)

    supervise(job, completes)

    assert (job.state, job.steps_completed, job.state_reason) == (JobState.SUCCEEDED, 250, "")
    assert states(job) == ["QUEUED", "PREPARING", "RUNNING", "SUCCEEDED"]
    assert [checkpoint.step for checkpoint in job.checkpoints.all()] == [100, 200, 250]
    assert content(job.model_name) == b"a model"
    assert job.started_from == "random weights"


def test_training_time_counts_training_and_evaluation_only(start, team) -> None:
    def script(trainer):
        for phase, seconds in [("preparing", 20), ("training", 30), ("evaluating", 10), ("exporting", 20)]:
            trainer.is_at(phase, 100)
            yield from [None] * seconds
        trainer.saves(300)
        trainer.ends("completed", 300)

    job = start(max_minutes=10)
    supervise(job, script)
    assert job.training_seconds == pytest.approx(40, abs=1)
    assert LedgerEntry.objects.get(job_id=job.pk, kind="charge").seconds == job.training_seconds


def test_the_end_of_the_time_ends_the_job_at_the_step_it_reached(start) -> None:
    job = start(max_minutes=1)

    supervise(job, until_interrupted(step=137))

    assert (job.state, job.state_reason) == (JobState.STOPPED, "It reached its maximum training time.")
    assert (job.steps_completed, job.training_seconds) == (137, 60)
    assert content(job.model_name) == b"a model"


def test_a_time_that_ends_before_the_first_step_is_a_failure_that_says_so(start) -> None:
    def script(trainer):
        while not trainer.interrupted:
            trainer.is_at("training", 0)
            yield
        trainer.ends("interrupted", 0)

    job = start(max_minutes=1)
    supervise(job, script)
    assert job.state == JobState.FAILED
    assert "ran out before the first training step" in job.state_reason
    assert job.model_name == ""


def stopped_while(phase: str, step: int, then):
    """A script in which the user presses stop in that phase; `then` goes on."""

    def script(trainer):
        trainer.is_at(phase, step)
        yield
        jobs.request_stop(TrainingJob.objects.get(), by="carla")
        yield
        yield from then(trainer)

    return script


def test_a_stop_at_the_first_step_keeps_that_step(start) -> None:
    job = start()
    supervise(job, stopped_while("training", 1, until_interrupted(1)))
    assert (job.state, job.steps_completed) == (JobState.STOPPED, 1)
    assert states(job)[-3:] == ["STOP REQUESTED", "STOPPING", "STOPPED"]
    assert job.model_name


def test_a_stop_ends_when_its_step_is_saved_and_the_files_follow(start) -> None:
    seen = []

    def look():
        yield
        job = TrainingJob.objects.get()
        seen.append((job.state, job.steps_completed, job.lease_owner, job.model_name))

    job = start()
    supervise(job, stopped_while("training", 1, until_interrupted(1, look())))
    assert seen == [(JobState.STOPPED, 1, "worker-1", "")]
    assert (job.state, job.lease_owner, job.lease_until) == (JobState.STOPPED, "", None)
    assert content(job.model_name) == b"a model"
    assert states(job)[-1] == JobState.STOPPED


def test_a_stopped_job_whose_export_dies_waits_for_another_export(start) -> None:
    def is_gone(trainer):
        while not trainer.interrupted:
            yield
        trainer.saves(1)
        trainer.is_at("exporting", 1)
        yield
        yield

    job = start()
    supervise(job, stopped_while("training", 1, is_gone))
    assert (job.state, job.model_name, job.lease_owner, job.deaths_in_a_row) == (JobState.STOPPED, "", "", 1)
    assert job_leases.claim_export("worker-2") == job


def test_a_shutdown_does_not_wait_for_the_files_of_a_stopped_job(start) -> None:
    shutdown, turns = threading.Event(), []

    def shut_down_then_export_for_ever():
        yield
        shutdown.set()
        while True:
            turns.append(None)
            yield

    job = start()
    trainer = supervise(
        job, stopped_while("training", 1, until_interrupted(1, shut_down_then_export_for_ever())), shutdown
    )
    assert trainer.killed
    assert len(turns) <= 2
    assert (job.state, job.model_name, job.lease_owner, job.deaths_in_a_row) == (JobState.STOPPED, "", "", 0)


def test_a_stopped_job_can_be_deleted_before_its_files_are_there(start, coach) -> None:
    def deleted():
        yield
        jobs.delete(TrainingJob.objects.get(), coach)
        yield

    with pytest.raises(TrainingJob.DoesNotExist):  # from reading the job again
        supervise(start(), stopped_while("training", 1, until_interrupted(1, deleted())))
    assert not TrainingJob.objects.exists()


def test_a_stop_before_the_first_step_cancels(start) -> None:
    def nothing_to_save(trainer):
        while not trainer.interrupted:
            yield
        trainer.ends("interrupted", 0)

    job = start()
    supervise(job, stopped_while("preparing", 0, nothing_to_save))
    assert (job.state, job.model_name) == (JobState.CANCELED, "")


def test_a_stop_does_not_wait_long_for_a_trainer_that_has_nothing_to_save(start) -> None:
    turns = []

    def deaf(trainer):
        while True:
            turns.append(trainer.interrupted)
            yield

    job = start()
    trainer = supervise(job, stopped_while("preparing", 0, deaf))
    assert job.state == JobState.CANCELED
    assert trainer.killed
    assert turns.count(True) <= 6


def test_a_trainer_that_does_not_react_to_a_stop_is_killed(start) -> None:
    turns = []

    def deaf(trainer):
        trainer.saves(100)
        while True:
            turns.append(trainer.interrupted)
            yield

    job = start()
    trainer = supervise(job, stopped_while("training", 100, deaf))
    assert (job.state, job.steps_completed) == (JobState.STOPPED, 100)
    assert trainer.killed
    assert 58 <= turns.count(True) <= 62


def test_a_stop_wins_over_a_crash(start) -> None:
    job = start()
    supervise(job, stopped_while("training", 5, dies_after(100)))
    assert (job.state, job.steps_completed) == (JobState.STOPPED, 100)


def test_a_success_that_already_happened_wins_over_a_stop(start) -> None:
    def already_exported(trainer):
        trainer.saves(300)
        trainer.ends("completed", 300)
        yield

    job = start(training_steps=300)
    trainer = supervise(job, stopped_while("exporting", 300, already_exported))
    assert job.state == JobState.SUCCEEDED
    assert not trainer.interrupted


def test_a_death_puts_the_job_back_and_it_goes_on_from_its_checkpoint(start) -> None:
    job = start(training_steps=300)
    supervise(job, dies_after(100))
    assert (job.state, job.deaths_in_a_row, job.steps_completed) == (JobState.QUEUED, 1, 100)
    assert "crashed" in job.state_reason

    trainer = supervise(job, completes)
    assert trainer.job.resume_step == 100
    assert job.state == JobState.SUCCEEDED
    assert [checkpoint.step for checkpoint in job.checkpoints.all()] == [100, 200, 300]


def test_training_time_adds_up_over_attempts(start) -> None:
    job = start(max_minutes=1)

    def half_a_minute_then_death(trainer):
        trainer.is_at("training", 1)
        yield from [None] * 31

    supervise(job, half_a_minute_then_death)
    assert job.training_seconds == pytest.approx(30, abs=1)
    supervise(job, until_interrupted(step=50))
    assert (job.state_reason, job.training_seconds) == ("It reached its maximum training time.", 60)


def test_three_deaths_in_a_row_are_a_failure(start, team) -> None:
    job = start()
    for _ in range(3):
        supervise(job, dies_after())
    assert job.state == JobState.FAILED
    assert "crashed 3 times without making progress" in job.state_reason
    assert "ask the operator of this server to look at the log" in job.state_reason


def test_a_new_checkpoint_begins_the_count_of_deaths_anew(start) -> None:
    job = start(training_steps=1000)
    for steps in ([], [], [100], [], [200]):
        supervise(job, dies_after(*steps))
    assert (job.state, job.deaths_in_a_row, job.steps_completed) == (JobState.QUEUED, 1, 200)


def test_bad_input_fails_at_once_with_the_trainers_sentence(start) -> None:
    def script(trainer):
        trainer.ends("failed", 0, failure=TrainingFailed(Cause.UNREADABLE, why="corrupted record at 0"))
        yield

    job = start()
    supervise(job, script)
    assert (job.state, job.reason_code) == (JobState.FAILED, Cause.UNREADABLE)
    assert job.state_reason == ("The dataset's files can't be read: corrupted record at 0. Import the dataset again.")


def test_a_shutdown_of_the_worker_saves_the_step_and_requeues(start) -> None:
    shutdown = threading.Event()

    def script(trainer):
        trainer.is_at("training", 150)
        yield
        shutdown.set()
        yield from until_interrupted(150)(trainer)

    job = start()
    trainer = supervise(job, script, shutdown)
    assert (job.state, job.steps_completed, job.deaths_in_a_row) == (JobState.QUEUED, 150, 0)
    assert trainer.killed, "a shutdown must not wait for an export that the next attempt can make"


def test_a_trainer_that_never_gets_ready_is_a_death(start) -> None:
    def script(trainer):
        while True:
            yield

    job = start()
    supervise(job, script)
    assert (job.state, job.deaths_in_a_row) == (JobState.QUEUED, 1)
    assert "stuck for 15 minutes" in job.state_reason


def test_what_a_former_owner_writes_is_never_referenced(start) -> None:
    def script(trainer):
        trainer.is_at("training", 99)
        yield
        TrainingJob.objects.update(lease_number=2, lease_owner="worker-2")
        trainer.saves(100)
        yield from [None] * 3
        trainer.ends("completed", 300)

    job = start()
    trainer = supervise(job, script)
    assert trainer.killed
    assert (job.state, job.lease_owner, job.steps_completed) == (JobState.RUNNING, "worker-2", 0)
    assert not Checkpoint.objects.exists()


def test_whatever_breaks_in_the_supervisor_is_a_death_of_that_job_alone(start) -> None:
    def script(trainer):
        trainer.saves(100)
        (trainer.folder / "checkpoint-000100" / "model.index").unlink()
        (trainer.folder / "checkpoint-000100").rmdir()
        yield

    job = start()
    supervise(job, script)
    assert (job.state, job.deaths_in_a_row) == (JobState.QUEUED, 1)
    assert "Something broke on the server during this training (FileNotFoundError)" in job.state_reason


def test_a_database_that_is_away_for_a_moment_costs_nothing(start, monkeypatch) -> None:
    publish, failures = publishing.publish_new, [OperationalError("database is locked")] * 3

    def sometimes_locked(*args) -> None:
        if failures:
            raise failures.pop()
        publish(*args)

    monkeypatch.setattr(publishing, "publish_new", sometimes_locked)
    monkeypatch.setattr("training.worker.patience.connection.close", lambda: None)  # the test's own transaction
    job = start(training_steps=200)
    supervise(job, completes)
    assert (job.state, job.steps_completed) == (JobState.SUCCEEDED, 200)


def test_of_the_attempts_folder_only_the_story_stays(start) -> None:
    trainer = supervise(start(), completes)
    assert sorted(path.name for path in trainer.folder.iterdir()) == ["job.json", "result.json"]


def test_the_spec_holds_all_that_training_needs(start, settings) -> None:
    settings.TRAINING_DEVICE = "gpu"
    job = start(training_steps=400)
    spec = supervise(job, completes).job
    assert (spec.starting_model, spec.label_names, spec.steps) == (job.starting_model, ["raccoon"], 400)
    assert (spec.training_frames, spec.evaluation_frames, spec.batch_size) == (100, 25, 32)
    assert (spec.device, spec.resume_from) == ("gpu", "")
