"""A worker that an operator drains takes nothing new. It finishes its present job, or hands it over."""

import threading
from collections.abc import Iterator
from unittest.mock import Mock

import pytest

from ftcml.installation import identity
from tests.training.scripted import OBEDIENT, ScriptedClock, ScriptedTrainer, completes, supervise, until_interrupted
from training.integrity.sweeping import _all_workers_are_busy
from training.models import Drain, TrainingWorker
from training.services import queue, registry
from training.states import JobState
from training.worker import job_leases, training_worker
from training.worker.supervisor import Supervisor
from training.worker.training_worker import Worker


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """What a worker does to wake another one."""
    wake = Mock()
    monkeypatch.setattr(training_worker, "wake_training_worker", wake)
    return wake


@pytest.fixture
def drained(db, woken) -> Iterator[Worker]:
    identity.check()
    registry.report("tests", "cpu", 1)
    TrainingWorker.objects.filter(name="tests").update(drain=Drain.FINISH)
    worker = Worker("tests", command=OBEDIENT)
    yield worker
    worker.shut_down()


def test_a_drained_worker_takes_nothing_and_passes_the_message_on(drained, start, woken) -> None:
    job = start()
    drained.work()
    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    assert woken.call_count == 1  # for worker-1, which is idle

    TrainingWorker.objects.filter(name="worker-1").delete()
    drained.work()
    assert woken.call_count == 1


def test_it_is_drained_after_a_restart_too_until_it_takes_jobs_again(drained, start) -> None:
    job = start()
    registry.report_gone("tests")
    registry.report("tests", "cpu", 1)
    assert registry.drain_of("tests") is Drain.FINISH
    TrainingWorker.objects.filter(name="tests").update(drain="")
    drained.work()
    job.refresh_from_db()
    assert job.state == JobState.SUCCEEDED


def test_a_job_is_handed_over_with_what_it_has_learned(start) -> None:
    job, hand_over = start(training_steps=300), threading.Event()
    hand_over.set()
    trainer = ScriptedTrainer(until_interrupted(step=130))
    clock = ScriptedClock(trainer)
    job_leases.claim(job, "worker-1:1", "cpu", clock.now())

    Supervisor(job, trainer, threading.Event(), clock, hand_over=hand_over).run()

    job.refresh_from_db()
    assert (job.state, job.reason_code, job.steps_completed) == (JobState.QUEUED, "handed_over", 130)
    assert job.deaths_in_a_row == 0
    supervise(job, completes)
    assert job.state == JobState.SUCCEEDED


def test_the_sweep_wakes_an_idle_worker_though_a_drained_one_is_busy(start) -> None:
    registry.report("drained", "cpu", 1)
    TrainingWorker.objects.filter(name="drained").update(drain=Drain.FINISH)
    job = start()
    job_leases.claim(job, registry.owner_name("drained"), "cpu", registry.clock.now())
    assert queue.idle_workers() == {"worker-1"}
    assert not _all_workers_are_busy()
