"""One table of faults for trainings and exports: what is counted, what is tried again, and what stays as it was."""

import errno
import shutil
import threading
from collections.abc import Callable, Iterator

import pytest
from django.db import OperationalError

from ftcml.core.files import storage
from ftcml.core.files.storage import StorageAway
from tests.training.scripted import Script, ScriptedClock, ScriptedTrainer, dies_after, supervise
from training.models import TrainingJob
from training.states import JobState
from training.worker import job_leases
from training.worker.results import outcomes, publishing
from training.worker.supervisor import Supervisor

Fault = Callable[["Attempt"], Script]


class Attempt:
    """One attempt at a job with a checkpoint of step 100, at its training or at its export, and what can break."""

    def __init__(self, job: TrainingJob, is_export: bool, monkeypatch: pytest.MonkeyPatch) -> None:
        self.job, self.is_export, self.monkeypatch = job, is_export, monkeypatch
        self.shutdown = threading.Event()

    def run(self, fault: Fault) -> ScriptedTrainer:
        trainer = ScriptedTrainer(fault(self))
        clock = ScriptedClock(trainer)
        if self.is_export:
            TrainingJob.objects.update(state=JobState.STOPPED)
            self.job = job_leases.claim_export("worker-1")
        else:
            self.job.refresh_from_db()
            job_leases.claim(self.job, "worker-1", "cpu", clock.now())
        Supervisor(self.job, trainer, self.shutdown, clock).run()
        self.job.refresh_from_db()
        return trainer

    @property
    def outcome(self) -> tuple[str, int]:
        """The state, and how many tries in a row were counted."""
        return self.job.state, self.job.deaths_in_a_row


@pytest.fixture
def saved(start, monkeypatch) -> TrainingJob:
    monkeypatch.setattr("training.worker.patience.connection.close", lambda: None)  # the test's own transaction
    job = start(training_steps=300)
    supervise(job, dies_after(100))
    TrainingJob.objects.update(deaths_in_a_row=0)
    return job


@pytest.fixture
def training(saved, monkeypatch) -> Attempt:
    return Attempt(saved, is_export=False, monkeypatch=monkeypatch)


@pytest.fixture
def export(saved, monkeypatch) -> Attempt:
    return Attempt(saved, is_export=True, monkeypatch=monkeypatch)


def succeeds(trainer: ScriptedTrainer) -> Iterator[None]:
    if trainer.job.resume_step < trainer.job.steps:
        trainer.is_at("training", trainer.job.steps)
        yield
        trainer.saves(trainer.job.steps)
    trainer.is_at("exporting", trainer.job.steps)
    yield
    trainer.ends("completed", trainer.job.steps)


def for_ever(phase: str) -> Script:
    def script(trainer: ScriptedTrainer) -> Iterator[None]:
        trainer.is_at(phase, 100)
        while True:
            yield

    return script


def raises(error: Exception) -> Callable[..., None]:
    def broken(*given: object, **named: object) -> None:
        raise error

    return broken


def killed(attempt: Attempt) -> Script:
    def script(trainer: ScriptedTrainer) -> Iterator[None]:
        trainer.is_at("exporting", 100)
        yield

    return script


def stuck(attempt: Attempt) -> Script:
    return for_ever("exporting")


def full_disk(attempt: Attempt) -> Script:
    full = OSError(errno.ENOSPC, "no space left")
    attempt.monkeypatch.setattr(publishing, "publish_models", raises(full))
    return succeeds


def shut_down(attempt: Attempt) -> Script:
    def script(trainer: ScriptedTrainer) -> Iterator[None]:
        attempt.shutdown.set()
        yield from for_ever("exporting")(trainer)

    return script


def storage_is_away(attempt: Attempt) -> Script:
    attempt.monkeypatch.setattr(publishing, "publish_models", raises(StorageAway()))
    attempt.monkeypatch.setattr(storage, "is_writable", lambda: False)
    return succeeds


def lost_checkpoint(attempt: Attempt) -> Script:
    storage.remove_any(attempt.job.checkpoints.get().folder)
    return succeeds


def lost_folder(attempt: Attempt) -> Script:
    def script(trainer: ScriptedTrainer) -> Iterator[None]:
        shutil.rmtree(trainer.folder)
        yield

    return script


def made_nothing(attempt: Attempt) -> Script:
    def script(trainer: ScriptedTrainer) -> Iterator[None]:
        yield
        trainer.ends("failed", 100)

    return script


@pytest.mark.parametrize(
    ("fault", "of_training", "counted_export"),
    [
        (killed, (JobState.QUEUED, 1), 1),
        (stuck, (JobState.QUEUED, 1), 1),
        (full_disk, (JobState.QUEUED, 1), 1),
        (shut_down, (JobState.QUEUED, 0), 0),
        (storage_is_away, (JobState.QUEUED, 0), 0),
        (lost_checkpoint, (JobState.STATE_UNSPECIFIED, 0), 1),
        (lost_folder, (JobState.STATE_UNSPECIFIED, 0), 1),
        (made_nothing, (JobState.FAILED, 0), 1),
    ],
)
class TestAFault:
    def test_of_a_training(self, training: Attempt, fault: Fault, of_training, counted_export) -> None:
        trainer = training.run(fault)
        assert training.outcome == of_training
        assert (training.job.lease_owner, trainer.alive) == ("", False)

    def test_of_an_export(self, export: Attempt, fault: Fault, of_training, counted_export) -> None:
        trainer = export.run(fault)
        assert export.outcome == (JobState.STOPPED, counted_export)
        assert (export.job.lease_owner, export.job.has_model, trainer.alive) == ("", False, False)


@pytest.fixture(params=["training", "export"])
def attempt(request: pytest.FixtureRequest, saved, monkeypatch) -> Attempt:
    return Attempt(saved, is_export=request.param == "export", monkeypatch=monkeypatch)


def test_nothing_breaks(attempt: Attempt) -> None:
    attempt.run(lambda attempt: succeeds)
    assert attempt.outcome == (JobState.STOPPED if attempt.is_export else JobState.SUCCEEDED, 0)
    assert attempt.job.has_model


def test_who_lost_the_lease_settles_nothing(attempt: Attempt) -> None:
    def taken(attempt: Attempt) -> Script:
        def script(trainer: ScriptedTrainer) -> Iterator[None]:
            yield
            TrainingJob.objects.update(lease_number=9, lease_owner="worker-2")
            yield from succeeds(trainer)

        return script

    trainer = attempt.run(taken)
    assert (attempt.job.lease_owner, attempt.job.deaths_in_a_row, attempt.job.has_model) == ("worker-2", 0, False)
    assert trainer.killed


def test_a_database_that_is_busy_at_the_very_end_costs_nothing(attempt: Attempt) -> None:
    name = "exported" if attempt.is_export else "succeeded"
    outcome, failures = getattr(outcomes, name), [OperationalError("database is locked")] * 2

    def busy_at_first(*given: object, **named: object) -> None:
        if failures:
            raise failures.pop()
        outcome(*given, **named)

    attempt.monkeypatch.setattr(outcomes, name, busy_at_first)
    attempt.run(lambda attempt: succeeds)
    assert attempt.outcome == (JobState.STOPPED if attempt.is_export else JobState.SUCCEEDED, 0)
    assert (failures, attempt.job.has_model) == ([], True)


def test_an_export_that_says_it_trains_is_stuck_after_as_long(export: Attempt) -> None:
    """No maximum training time ends it."""
    export.run(lambda attempt: for_ever("training"))
    assert export.outcome == (JobState.STOPPED, 1)
