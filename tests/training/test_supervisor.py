"""What the supervisor makes of a trainer: one that works, stops, runs out of time, fails, dies or hangs."""

import errno
import shutil
import threading
from pathlib import Path

import pytest
from django.db import OperationalError

from ftcml import storage
from ftcml.accounts.models import LedgerEntry
from tests.training.scripted import completes, dies_after, measures, supervise, until_interrupted
from training import jobs, publishing
from training.detector.spec import MEAN_PRECISION
from training.models import Checkpoint, TrainingJob
from training.states import JobState


def states(job: TrainingJob) -> list[str]:
    return [event.new_state for event in job.events.all()]


def content(name: str) -> bytes:
    with storage.open_file(name) as stream:
        return stream.read()


def test_a_job_that_trains_every_step_succeeds(start) -> None:
    job = start(training_steps=250)

    supervise(job, completes)

    assert (job.state, job.steps_completed, job.state_reason) == (JobState.SUCCEEDED, 250, "")
    assert states(job) == ["QUEUED", "PREPARING", "RUNNING", "SUCCEEDED"]
    assert [checkpoint.step for checkpoint in job.checkpoints.all()] == [100, 200, 250]
    assert content(job.model_name) == b"a model"
    assert job.started_from == "random weights"


def exports_with(default: str):
    """A script that trains 100 steps and exports every variant."""

    def script(trainer):
        trainer.is_at("training", 100)
        trainer.saves(100)
        yield
        trainer.exports(default)
        trainer.ends("completed", 100)

    return script


def test_every_variant_is_kept_with_what_it_is_worth(start) -> None:
    job = start(training_steps=100)
    supervise(job, exports_with("int8"))
    assert {file.variant: content(file.name) for file in job.model_files.all()} == {
        name: f"a {name} model".encode() for name in ("float32", "float16", "dynamic", "int8")
    }
    int8 = job.model_files.get(is_default=True)
    assert (int8.variant, int8.name) == ("int8", job.model_name)
    assert (int8.latency_ms, int8.ap50, int8.ap50_low, int8.ap50_high, int8.ap) == (12.5, 0.9, 0.85, 0.94, 0.55)
    assert (int8.objects_of_float32, int8.same, int8.moved, int8.lost, int8.extra) == (50, 45, 3, 2, 1)
    assert (int8.compared_on, int8.frames, int8.less_accurate) == ("evaluation", 40, False)


def test_a_model_whose_variants_were_not_made_is_float32(start) -> None:
    job = start(training_steps=100)
    supervise(job, completes)
    (file,) = job.model_files.all()
    assert (file.variant, file.name, file.is_default) == ("float32", job.model_name, True)
    assert (file.size, file.latency_ms, file.ap50) == (len(b"a model"), None, None)


def test_a_later_attempts_files_take_the_place_of_the_earlier_ones(start) -> None:
    job, shutdown = start(training_steps=300), threading.Event()

    def is_shut_down(trainer):
        trainer.is_at("training", 100)
        yield
        shutdown.set()
        yield
        trainer.saves(100)
        trainer.ends("interrupted", 100)

    supervise(job, is_shut_down, shutdown)
    earlier = job.model_name
    assert content(earlier) == b"a model"
    supervise(job, completes)
    assert job.model_files.get().name == job.model_name != earlier
    assert not storage.exists(earlier)


def kept(job: TrainingJob) -> dict[int, bytes]:
    """By step, what is stored of the checkpoints that have files; no file is there that no row names."""
    with_files = {row.step: row.folder for row in job.checkpoints.with_files()}
    folders = {
        f"{job.prefix}/{attempt}/{folder}"
        for attempt in storage.folders(job.prefix)
        for folder in storage.folders(f"{job.prefix}/{attempt}")
    }
    assert folders == set(with_files.values())
    return {step: content(f"{folder}/model.index") for step, folder in with_files.items()}


def test_without_evaluation_only_the_newest_checkpoint_keeps_its_files(start) -> None:
    job = start(training_steps=300)
    supervise(job, completes)
    assert kept(job) == {300: b"weights of step 300"}
    assert (job.best_step, job.best_map, job.model_step) == (0, None, 300)


@pytest.mark.parametrize(
    ("precisions", "best", "steps"),
    [
        ({"step_100": 0.5, "step_200": 0.9, "step_300": 0.7, "step_400": 0.8}, (200, 0.9), {200, 400}),
        ({"step_100": 0.9, "step_200": 0.9}, (200, 0.9), {200}),
        ({"step_100": 0.5, "step_200": -1.0}, (100, 0.5), {100, 200}),
        ({"step_100": -1.0, "step_200": float("nan")}, (0, None), {200}),
    ],
    ids=["an older one", "of equal ones the newer", "one that was measured", "none was measured"],
)
def test_the_best_checkpoint_keeps_its_files_beside_the_newest(start, precisions, best, steps) -> None:
    job = start(training_steps=1000)
    supervise(job, measures(**precisions))
    assert (job.best_step, job.best_map) == best
    assert kept(job) == {step: f"weights of step {step}".encode() for step in steps}


def test_a_later_attempt_gets_the_newest_and_the_best(start) -> None:
    job = start(training_steps=1000)
    supervise(job, measures(step_100=0.9, step_200=0.5))

    def script(trainer):
        for folder in (trainer.job.resume_from, trainer.job.best_from):
            read.append((Path(folder) / "model.index").read_text())
        yield from measures(step_300=0.95)(trainer)

    read: list[str] = []
    trainer = supervise(job, script)
    assert read == ["weights of step 200", "weights of step 100"]
    assert (trainer.job.resume_step, trainer.job.best_step, trainer.job.best_map) == (200, 100, 0.9)
    assert set(kept(job)) == {300}


def test_a_newest_that_is_the_best_is_given_once(start) -> None:
    job = start(training_steps=1000)
    supervise(job, measures(step_100=0.9))
    trainer = supervise(job, completes)
    assert trainer.job.resume_from == trainer.job.best_from != ""


def diverges(trainer):
    """Saves step 100, comes to numbers that are none, and exports what was saved."""
    trainer.is_at("training", 100)
    trainer.saves(100, **{MEAN_PRECISION: 0.5})
    yield
    trainer.exports("float32")
    trainer.ends("failed", 100, "The loss is not a number any more.", model_step=100)


def test_a_training_that_went_wrong_keeps_the_model_of_its_last_good_checkpoint(start) -> None:
    job = start()
    supervise(job, diverges)
    assert (job.state, job.state_reason) == (JobState.FAILED, "The loss is not a number any more.")
    assert (content(job.model_name), job.model_step) == (b"a float32 model", 100)
    assert set(kept(job)) == {100}


def test_the_newest_checkpoints_file_stands_beside_those_of_the_best(start) -> None:
    def script(trainer):
        yield from measures(step_100=0.9, step_200=0.5)(trainer)
        trainer.exports("int8")
        (trainer.folder / "model-newest.tflite").write_text("the newest model")
        trainer.ends("completed", 200, model_step=100)

    job = start(training_steps=200)
    supervise(job, script)
    assert (job.state, job.model_step, content(job.model_name)) == (JobState.SUCCEEDED, 100, b"a int8 model")
    newest = job.model_files.get(variant="newest")
    assert (content(newest.name), newest.size, newest.is_default) == (b"the newest model", 16, False)


def test_a_full_disk_of_the_storage_says_so_and_costs_nothing_that_was_there(start, monkeypatch) -> None:
    def disk_is_full(name, source) -> None:
        put(name, source)
        if "checkpoint-000200" in name:
            raise OSError(errno.ENOSPC, "No space left on device")

    put = storage.put
    monkeypatch.setattr(storage, "put", disk_is_full)
    job = start(training_steps=1000)
    supervise(job, measures(step_100=0.5, step_200=0.9))
    assert job.state == JobState.QUEUED
    assert job.state_reason.startswith("The server's disk is full.")
    assert (job.steps_completed, job.best_step) == (100, 100)
    assert kept(job) == {100: b"weights of step 100"}


def test_a_supervisor_that_was_asleep_publishes_what_it_missed(start) -> None:
    def script(trainer):
        trainer.is_at("training", 1)
        yield
        for step in (100, 200, 300):
            trainer.saves(step)
        shutil.rmtree(trainer.folder / "checkpoint-000100")  # the trainer keeps its newest two
        yield

    job = start(training_steps=1000)
    supervise(job, script)
    assert [checkpoint.step for checkpoint in job.checkpoints.all()] == [100, 200, 300]
    assert job.metric_points.filter(tag="Loss/total_loss").count() == 3
    assert content(f"{job.checkpoints.last().folder}/model.index") == b"weights of step 300"


def test_metrics_and_detections_are_published_with_their_checkpoint(start) -> None:
    def script(trainer):
        trainer.is_at("evaluating", 100)
        trainer.saves(100, **{"DetectionBoxes_Precision/mAP": 0.5})
        yield

    job = start()
    supervise(job, script)

    points = {(point.split, point.tag, point.step): point.value for point in job.metric_points.all()}
    assert points[("train", "Loss/total_loss", 100)] == 0.01
    assert points[("eval", "DetectionBoxes_Precision/mAP", 100)] == 0.5
    assert content(job.checkpoints.get().detections_name) == b"boxes"


def test_a_number_that_is_none_is_not_a_metric(start) -> None:
    def script(trainer):
        trainer.saves(100, **{"DetectionBoxes_Precision/mAP": float("nan")})
        yield

    job = start()
    supervise(job, script)
    assert not job.metric_points.filter(split="eval").exists()
    assert job.steps_completed == 100


def test_between_checkpoints_the_row_shows_the_present_step(start) -> None:
    seen = []

    def script(trainer):
        for step in (1, 2, 3):
            trainer.is_at("training", step, speed=2.5)
            yield
            row = TrainingJob.objects.get()
            seen.append((row.state, row.live_step, row.live_steps_per_second, row.steps_completed))

    supervise(start(), script)
    assert seen[:2] == [("RUNNING", 1, 2.5, 0), ("RUNNING", 2, 2.5, 0)]


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

    assert (job.state, job.state_reason) == (JobState.STOPPED, "maximum training time reached")
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
    assert "over before the first training step" in job.state_reason
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
    assert (job.state_reason, job.training_seconds) == ("maximum training time reached", 60)


def test_three_deaths_in_a_row_are_a_failure(start, team) -> None:
    job = start()
    for _ in range(3):
        supervise(job, dies_after())
    assert job.state == JobState.FAILED
    assert "3 ends in a row without a new checkpoint" in job.state_reason
    assert "Ask the person who runs this server" in job.state_reason


def test_a_new_checkpoint_begins_the_count_of_deaths_anew(start) -> None:
    job = start(training_steps=1000)
    for steps in ([], [], [100], [], [200]):
        supervise(job, dies_after(*steps))
    assert (job.state, job.deaths_in_a_row, job.steps_completed) == (JobState.QUEUED, 1, 200)


def test_bad_input_fails_at_once_with_the_trainers_sentence(start) -> None:
    def script(trainer):
        trainer.ends("failed", 0, "The frame robot.jpg cannot be read.")
        yield

    job = start()
    supervise(job, script)
    assert (job.state, job.state_reason) == (JobState.FAILED, "The frame robot.jpg cannot be read.")


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
    assert "Something in the server broke during this job (FileNotFoundError)" in job.state_reason


def test_a_database_that_is_away_for_a_moment_costs_nothing(start, monkeypatch) -> None:
    publish, failures = publishing.publish_new, [OperationalError("database is locked")] * 3

    def sometimes_locked(*args) -> None:
        if failures:
            raise failures.pop()
        publish(*args)

    monkeypatch.setattr(publishing, "publish_new", sometimes_locked)
    monkeypatch.setattr("training.supervisor.connection.close", lambda: None)  # the test's own transaction
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
