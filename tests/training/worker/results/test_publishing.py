"""What of a trainer's files and numbers is published, what is kept, and which checkpoints' files that is."""

import errno
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from detector.contract import attempt_files, reports
from detector.contract.failure import Cause, Diverged, TrainingFailed
from detector.contract.reports import MEAN_PRECISION
from ftcml.core.files import storage
from tests.training.scripted import ScriptedClock, ScriptedTrainer, completes, content, measures, supervise
from training.models import TrainingJob
from training.services import queue
from training.states import JobState
from training.worker import job_leases
from training.worker.supervisor import Supervisor


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
    int8 = job.default_file
    assert (int8.variant, int8.name) == ("int8", job.model_name)
    assert (int8.latency_ms, int8.ap50, int8.ap50_low, int8.ap50_high, int8.ap) == (12.5, 0.9, 0.85, 0.94, 0.55)
    assert (int8.objects_of_float32, int8.same, int8.moved, int8.lost, int8.extra) == (50, 45, 3, 2, 1)
    assert (int8.compared_on, int8.frames, int8.less_accurate) == ("evaluation", 40, False)


def test_the_overlap_that_a_checkpoint_chose_goes_into_each_later_attempt_and_to_its_files(start) -> None:
    job, shutdown, asked = start(training_steps=300, max_detections=40), threading.Event(), []

    def is_shut_down(trainer):
        asked.append(trainer.job)
        trainer.saves(100, **{MEAN_PRECISION: 0.9})
        path = trainer.folder / attempt_files.report_name(100)
        report = attempt_files.read(path, reports.StepReport)
        attempt_files.write(path, replace(report, summary={**report.summary, "nms_iou": 0.45}))
        shutdown.set()
        yield
        trainer.ends("interrupted", 100)

    def exports_the_best(trainer):
        asked.append(trainer.job)
        trainer.saves(200, **{MEAN_PRECISION: 0.5})
        yield
        trainer.exports("int8")
        trainer.ends("completed", 300, model_step=100)

    supervise(job, is_shut_down, shutdown)
    supervise(job, exports_the_best)

    wanted = [(one.max_detections, one.resume_iou, one.best_iou) for one in asked]
    assert wanted == [(40, 0.6, 0.6), (40, 0.45, 0.45)]
    assert {file.nms_iou for file in job.model_files.all()} == {0.45}


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


def test_a_model_that_a_failed_export_left_behind_is_kept_and_made_again(start) -> None:
    job, shutdown = start(training_steps=300), threading.Event()

    def is_shut_down(trainer):
        trainer.is_at("training", 100)
        yield
        shutdown.set()
        yield
        trainer.saves(100)
        trainer.ends("interrupted", 100)

    def exports_nothing(trainer):
        trainer.is_at("training", 200)
        trainer.saves(200)
        yield
        trainer.ends("failed", 200, failure=TrainingFailed(Cause.NO_MEMORY))

    supervise(job, is_shut_down, shutdown)
    earlier = job.model_name
    supervise(job, exports_nothing)
    assert (job.state, job.model_name, job.model_step) == (JobState.FAILED, earlier, 100)
    assert list(queue.without_model_file()) == [job]


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


def test_small_steps_down_do_not_add_up_over_attempts(start) -> None:
    job = start(training_steps=1000)
    supervise(job, measures(step_100=0.70, step_200=0.695))
    told = supervise(job, measures(step_300=0.686)).job
    assert (told.best_step, told.best_map, told.highest_map) == (200, 0.695, 0.70)
    assert (job.best_step, set(kept(job))) == (200, {200, 300})


def test_the_best_of_those_that_are_left_is_kept_where_the_best_of_all_is_lost(start) -> None:
    job = start(training_steps=1000)
    supervise(job, measures(step_100=0.9, step_200=0.5))
    job.checkpoints.filter(step=100).update(folder="")
    supervise(job, measures(step_300=0.8, step_400=0.7))
    assert (job.best_step, job.best_map) == (300, 0.8)
    assert {row.step for row in job.checkpoints.with_files()} == {300, 400}


def test_a_model_that_is_made_later_says_of_which_checkpoint_it_is(start) -> None:
    """Not which one is the best by the rows: its files may be lost."""

    def exports(trainer):
        trainer.exports()
        trainer.ends("completed", 200, model_step=200)
        yield

    job = start(training_steps=1000)
    supervise(job, measures(step_100=0.9, step_200=0.5))
    job.checkpoints.filter(step=100).update(folder="")
    TrainingJob.objects.update(state=JobState.STOPPED)
    trainer = ScriptedTrainer(exports)
    Supervisor(job_leases.claim_export("worker-1"), trainer, threading.Event(), ScriptedClock(trainer)).run()
    job.refresh_from_db()
    assert (job.best_step, job.model_step) == (100, 200)


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
    trainer.ends("failed", 100, model_step=100, failure=Diverged(107))


def test_a_training_that_went_wrong_keeps_the_model_of_its_last_good_checkpoint(start) -> None:
    job = start()
    supervise(job, diverges)
    assert (job.state, job.reason_code, job.reason_params) == (JobState.FAILED, Cause.DIVERGED, {"step": 107})
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
    def disk_is_full(name, *source) -> None:
        put(name, *source)
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


def test_metrics_detections_and_summary_are_published_with_their_checkpoint(start) -> None:
    def script(trainer):
        trainer.is_at("evaluating", 100)
        trainer.saves(100, **{"DetectionBoxes_Precision/mAP": 0.5})
        yield

    job = start()
    supervise(job, script)

    points = {(point.split, point.tag, point.step): point.value for point in job.metric_points.all()}
    assert points[("train", "Loss/total_loss", 100)] == 0.01
    assert points[("eval", "DetectionBoxes_Precision/mAP", 100)] == 0.5
    checkpoint = job.checkpoints.get()
    assert (content(checkpoint.detections_name), checkpoint.summary["f1"]) == (b"boxes", 0.5)
    assert (checkpoint.found_percent, checkpoint.false_alarms, checkpoint.ap50) == (90, 2, 0.75)


def test_a_checkpoint_that_was_not_evaluated_has_no_summary(start) -> None:
    job = start(training_steps=100)
    supervise(job, completes)
    checkpoint = job.checkpoints.get()
    assert (checkpoint.detections_name, checkpoint.summary) == ("", None)


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
