"""Trainer and supervisor choose the same checkpoint, whatever the mAPs, deaths, stops and losses of files.

The trainer's files, the supervisor's rows and the stored files are the real ones. Nobody learns or evaluates.
"""

from dataclasses import dataclass, replace

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from detector.contract import attempt_files, checkpoints, spec
from detector.contract.checkpoints import Saved
from detector.contract.reports import MEAN_PRECISION, StepReport
from detector.training.journal import Journal
from tests.factories import DatasetFactory, add_best
from tests.lineages import trained
from training.models import TrainingJob
from training.services import jobs
from training.services.starting.choices import TrainingChoices
from training.states import JobState
from training.worker import attempts, job_leases
from training.worker.results import late_measurements, publishing
from training.worker.worker_clock import Clock

# Neighbors count as equally good, and so small steps down would add up. One is clearly better than all others.
PRECISION = st.sampled_from([0.6, 0.606, 0.612, 0.618, 0.65])


@dataclass(frozen=True)
class Attempt:
    """`measured`: a checkpoint each, and whether the supervisor looks before the next one. `last`: of one that is saved
    unmeasured and measured in the end; None where the trainer dies. `is_best_lost`: before the attempt begins."""

    measured: list[tuple[float, bool]]
    last: float | None
    is_best_lost: bool


ATTEMPT = st.builds(
    Attempt,
    st.lists(st.tuples(PRECISION, st.booleans()), max_size=4),
    st.none() | PRECISION,
    st.integers(0, 4).map(lambda number: number == 4),
)
SEVERAL = st.lists(ATTEMPT, min_size=1, max_size=4)


class Trainer:
    """Writes the reports of an attempt, and chooses like detector/training/finish.py."""

    def __init__(self, job: TrainingJob, of_parent: float) -> None:
        self.folder = attempts.prepare(job, job.last_step, Clock())
        self.job = attempt_files.read(self.folder / attempt_files.JOB, spec.JobSpec)
        self.journal, self._of_parent = Journal(self.folder, lambda _: None), of_parent
        self.journal.begin(self.job)

    def saves(self, precision: float | None) -> None:
        step = max(self.job.first_step, self.journal.newest_step) + 1
        name = self.journal.checkpoint(step, lambda path: path.with_suffix(".index").touch())
        metrics = {} if precision is None else {MEAN_PRECISION: precision}
        self.journal.report(StepReport(step, name, {}, metrics))

    def chooses(self, last: float) -> Saved:
        """What becomes the model; `last`: of the newest, where that wasn't measured before."""
        known, parents, highest = self.journal.saved(), self.journal.of_parent(), self.job.highest_map
        if known[-1].mean_precision is None:
            known[-1] = self._measured(known[-1], last)
        own = checkpoints.best(known, highest)
        if parents and (parents.mean_precision is None or checkpoints.best_with_parents(own, parents) is parents):
            parents = self._measured(parents, self._of_parent)
        return checkpoints.to_export(known, highest, parents)

    def _measured(self, checkpoint: Saved, precision: float) -> Saved:
        report = StepReport(
            checkpoint.step, "", {}, {MEAN_PRECISION: precision}, summary={"confusion": [], "labels": []}
        )
        self.journal.measured(report)
        return replace(checkpoint, mean_precision=precision)


def supervised(job: TrainingJob, attempt: Attempt, of_parent: float) -> None:
    if attempt.is_best_lost and job.best_checkpoint:
        job.checkpoints.filter(step=job.best_step).update(folder="")
    if job.has_checkpoint and not job.checkpoints.with_files().filter(step=job.steps_completed).exists():
        return  # its newest is lost: no worker gets it
    TrainingJob.objects.filter(pk=job.pk).update(state=JobState.QUEUED, lease_owner="", lease_until=None)
    job.refresh_from_db()
    job_leases.claim(job, "worker-1", "cpu", timezone.now())
    trainer = Trainer(job, of_parent)
    for precision, is_seen in attempt.measured:
        trainer.saves(precision)
        if is_seen:
            publishing.publish_new(job, trainer.folder, Clock())
    if attempt.last is not None:
        trainer.saves(None)
        publishing.publish_new(job, trainer.folder, Clock())
        chosen = trainer.chooses(attempt.last)
        late_measurements.publish(job, trainer.folder, Clock())
        late_measurements.publish(job, trainer.folder, Clock())
        assert (job.best_step, job.best_map) == (chosen.step, chosen.mean_precision)
        kept = set(job.checkpoints.with_files().values_list("step", flat=True))
        assert kept == {step for step in (job.steps_completed, job.best_step) if job.is_own(step)}
    job.refresh_from_db()


@pytest.fixture(autouse=True)
def known_storage(db) -> None:
    """Its identity is in the database before what an example writes is rolled back."""
    publishing.check_storage()


# Shrinking a failure takes minutes: each example makes a job with its files.
FEW = settings(
    max_examples=20,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@FEW
@given(SEVERAL)
def test_a_training_of_many_attempts(start, several) -> None:
    with transaction.atomic():
        job = start(training_steps=1000)
        for attempt in several:
            supervised(job, attempt, of_parent=0.0)
        transaction.set_rollback(True)


@pytest.fixture
def parent(team) -> TrainingJob:
    parent = trained(300, team=team, description="raccoons")
    add_best(parent, 300, 0.62)
    return parent


@FEW
@given(SEVERAL, PRECISION, st.booleans())
def test_a_model_that_is_trained_more(parent, coach, team, training_worker, several, of_parent, is_on_same) -> None:
    """On the parent's frames, where it has 0.62 without measuring, or on others."""
    with transaction.atomic():
        datasets = [] if is_on_same else [DatasetFactory(team=team)]
        child = jobs.train_more(parent, coach, TrainingChoices(datasets, 200, 10, "raccoons again"))
        for attempt in several:
            supervised(child, attempt, 0.62 if is_on_same else of_parent)
        transaction.set_rollback(True)
