"""An upgrade in the middle of everything: a worker that knows less than the job needs leaves it to another."""

import sys

from detector.contract import spec
from tests.training import scripted
from training.models import TrainingJob
from training.states import JobState
from training.worker.training_worker import Worker


def test_a_job_of_a_newer_version_stays_queued(start) -> None:
    newer, known = start(), start()
    TrainingJob.objects.filter(pk=newer.pk).update(spec_format=spec.FORMAT + 1)
    worker = Worker("of-yesterday", command=scripted.OBEDIENT)

    worker.work()
    worker.shut_down()

    states = dict(TrainingJob.objects.values_list("pk", "state"))
    assert states == {newer.pk: JobState.QUEUED, known.pk: JobState.SUCCEEDED}


def test_a_worker_whose_trainers_are_of_another_version_takes_no_job(start, caplog) -> None:
    job = start()
    other = f'print(\'{{"ready": true, "accelerator": "cpu", "devices": 1, "format": {spec.FORMAT + 1}}}\', flush=True)'
    worker = Worker("of-yesterday", command=[sys.executable, "-c", f"{other}; input()"])

    worker.work()

    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    assert "the server was upgraded while this worker ran" in caplog.text
