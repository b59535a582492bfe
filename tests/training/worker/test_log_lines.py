"""What is said during a training, an export or an import names its team and itself, and nothing said later does."""

import logging
import threading
from collections.abc import Iterator

import pytest
from structlog.contextvars import get_contextvars

from datasets.importing import producing
from datasets.models import Dataset
from tests.factories import DatasetFactory
from tests.training.scripted import ScriptedClock, ScriptedTrainer, dies_after, supervise
from training.models import TrainingJob
from training.states import JobState
from training.worker import job_leases
from training.worker.supervisor import Supervisor


@pytest.fixture
def contexts() -> Iterator[list[dict]]:
    """What was bound at each line that our own loggers wrote."""
    seen: list[dict] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.name.startswith(("training", "datasets")):
                seen.append(get_contextvars())

    listener = Listener()
    logging.getLogger().addHandler(listener)
    yield seen
    logging.getLogger().removeHandler(listener)


def test_two_jobs_of_one_worker(start, contexts) -> None:
    first, second = start(), start()
    contexts.clear()
    for job in (first, second):
        supervise(job, dies_after(100))
    named = [(context["job_id"], context["team_id"]) for context in contexts]
    assert list(dict.fromkeys(named)) == [(str(job.pk), job.team_id) for job in (first, second)]
    assert get_contextvars() == {}


def test_an_export(start, contexts) -> None:
    def exports_nothing(trainer: ScriptedTrainer) -> Iterator[None]:
        yield

    supervise(start(), dies_after(100))
    TrainingJob.objects.update(state=JobState.STOPPED)
    contexts.clear()
    trainer = ScriptedTrainer(exports_nothing)
    job = job_leases.claim_export("worker-1")
    Supervisor(job, trainer, threading.Event(), ScriptedClock(trainer)).run()
    assert contexts == [{"job_id": str(job.pk), "team_id": job.team_id}]


def test_an_import(db, contexts) -> None:
    without_archive = DatasetFactory(state=Dataset.State.PRODUCING)
    producing.produce(without_archive)
    assert without_archive.state == Dataset.State.FAILED
    assert contexts
    named = {"dataset_id": str(without_archive.pk), "team_id": without_archive.team_id}
    assert [context for context in contexts if context != named] == []
    assert get_contextvars() == {}
