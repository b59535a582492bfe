"""An upgrade in the middle of everything: a worker that knows less than the job needs leaves it to another."""

import json
import sys
from dataclasses import asdict

from detector.contract import attempt_files, spec
from detector.contract.reports import Result
from tests.training import scripted
from training.models import TrainingJob
from training.states import JobState
from training.worker import job_leases
from training.worker.training_worker import Worker


def test_a_job_of_a_newer_version_stays_queued(start) -> None:
    newer, known = start(), start()
    TrainingJob.objects.filter(pk=newer.pk).update(spec_format=spec.FORMAT + 1)
    worker = Worker("of-yesterday", command=scripted.OBEDIENT)

    worker.work()
    worker.shut_down()

    states = dict(TrainingJob.objects.values_list("pk", "state"))
    assert states == {newer.pk: JobState.QUEUED, known.pk: JobState.SUCCEEDED}


def test_a_worker_of_the_version_before_leaves_what_gives_more_detections_than_its_files(start, monkeypatch) -> None:
    with_more, as_before = start(), start(max_detections=10)
    monkeypatch.setattr(spec, "FORMAT", spec.FORMAT_WITH_DETECTIONS - 1)
    assert job_leases.claim_next("of-yesterday", "cpu") == as_before
    assert job_leases.claim_next("of-yesterday", "cpu") is None
    with_more.refresh_from_db()
    assert with_more.state == JobState.QUEUED


def test_a_worker_whose_trainers_are_of_another_version_takes_no_job(start, caplog) -> None:
    job = start()
    other = f'print(\'{{"ready": true, "accelerator": "cpu", "devices": 1, "format": {spec.FORMAT + 1}}}\', flush=True)'
    worker = Worker("of-yesterday", command=[sys.executable, "-c", f"{other}; input()"])

    worker.work()

    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    assert "The server was upgraded while this training worker ran" in caplog.text


def test_a_trainer_of_the_version_before_has_the_last_word(start) -> None:
    """Its report has a sentence and no cause."""

    def fails(trainer):
        told = asdict(Result("failed", 0, error="The frame robot.jpg cannot be read."))
        before = {name: value for name, value in told.items() if name not in ("cause", "params")}
        (trainer.folder / attempt_files.RESULT).write_text(json.dumps(before))
        yield

    job = start()
    scripted.supervise(job, fails)

    assert (job.state, job.reason_code) == (JobState.FAILED, "other")
    assert job.state_reason == "The frame robot.jpg cannot be read."
