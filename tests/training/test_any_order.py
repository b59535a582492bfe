"""Several teams, jobs and workers, and what can happen to them in any order: no promise is ever broken.

The database, the verbs and the files are the real ones. Time is the machine's own: it moves when the machine says so.
FTCML_TEST_ORDERS=long tries many more orders than the usual run has time for:

    FTCML_TEST_ORDERS=long python -m pytest tests/training/test_any_order.py --timeout 0
"""

import copy
import logging
import os
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from unittest import mock
from uuid import UUID

import pytest
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from hypothesis import Phase
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from detector.contract import attempt_files, reports
from detector.contract.failure import Cause
from ftcml.accounts.models import Team
from ftcml.accounts.services import ledger
from ftcml.core import clock
from ftcml.core.files import storage
from ftcml.core.lease import LeaseLost, lease_end
from ftcml.installation import identity
from tests.factories import DatasetFactory, TeamFactory
from tests.training.promises import (
    a_job_costs_what_it_used,
    a_lease_is_where_work_is,
    accounts_by_job,
    balances_are_exact,
    checkpoints_only_grow,
    every_change_is_recorded_and_allowed,
)
from tests.training.scripted import ScriptedTrainer
from training.integrity import lost_files, sweeping
from training.models import TrainingJob, TrainingSwitch
from training.reasons import Code, Reason
from training.refusals import JobRefused
from training.services import jobs, lineage, registry
from training.services.jobs import HasChildren, JobIsAlive, LostRace
from training.services.starting.choices import TrainingChoices
from training.states import ON_ITS_WAY, STOPPABLE, TERMINAL, JobState
from training.worker import attempts, job_leases
from training.worker.results import outcomes, publishing
from training.worker.worker_clock import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

_USUAL = hypothesis_settings.get_profile("busy machine")
# To shorten an order that broke a promise takes minutes, which the usual run's time limit does not leave.
_AS_FOUND = (Phase.explicit, Phase.reuse, Phase.generate)
hypothesis_settings.register_profile("quick", _USUAL, max_examples=15, stateful_step_count=40, phases=_AS_FOUND)
hypothesis_settings.register_profile("brief", _USUAL, max_examples=5, stateful_step_count=40, phases=_AS_FOUND)
hypothesis_settings.register_profile("long", _USUAL, max_examples=2000, stateful_step_count=100)

WORKERS = ("worker-1", "worker-2")
TEAM_MINUTES = 30
TEAM = st.sampled_from([0, 1])
USUALLY = st.sampled_from([True, True, True, False])


class NoPause(Clock):
    def sleep(self, seconds: float) -> None:
        """Nothing happens between two rules."""


@dataclass
class Attempt:
    """What a worker believes of the job that it works on."""

    job: TrainingJob
    until: datetime
    trainer: ScriptedTrainer

    @property
    def is_export(self) -> bool:
        return self.job.state in TERMINAL

    def saves(self, precision: float) -> None:
        """The trainer writes its next checkpoint."""
        newest = max((report.step for report in attempt_files.reports(self.trainer.folder)), default=0)
        step = max(newest, self.job.steps_completed) + 100
        self.trainer.saves(step, **{reports.MEAN_PRECISION: precision})

    def publishes_models(self) -> None:
        self.trainer.exports()
        step = self.job.best_step or self.job.steps_completed
        publishing.publish_models(self.job, self.trainer.folder, step, Clock())


def publishes(attempt: Attempt) -> None:
    attempt.saves(precision=0.9)
    publishing.publish_new(attempt.job, attempt.trainer.folder, Clock())


# What a worker that has lost its job may still try.
LATE_WRITES: dict[str, Callable[[Attempt], None]] = {
    "renews": lambda attempt: job_leases.renew(attempt.job, timezone.now(), live_step=7, training_seconds=1),
    "publishes a checkpoint": publishes,
    "publishes models": Attempt.publishes_models,
    "gives its lease back": lambda attempt: job_leases.give_back(attempt.job),
}
LATE_ENDINGS: dict[str, Callable[[Attempt], None]] = {
    "dies": lambda attempt: outcomes.died(attempt.job, "a former owner", Reason(Code.KILLED)),
    "succeeds": lambda attempt: outcomes.succeeded(attempt.job, "a former owner"),
}


class AnyOrder(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now = timezone.now()
        self.clocks = [mock.patch.object(of, "now", side_effect=lambda: self.now) for of in (timezone, clock)]
        for each in self.clocks:
            each.start()
        self.database = transaction.atomic()
        self.database.__enter__()
        identity.adopt()  # the folder is that of the last order, whose database was rolled back
        self.teams = [TeamFactory(), TeamFactory()]
        self.datasets = {team.pk: DatasetFactory(team=team) for team in self.teams}
        self.jobs: list[UUID] = []
        self.at_work: dict[str, Attempt] = {}
        self.former: list[Attempt] = []
        self.steps: dict[UUID, int] = defaultdict(int)
        self.workers_report()
        for team in (0, 1):
            self.start(team, minutes=20, steps=300, is_on=True)
        self._train_one()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.database.__exit__(None, None, None)
        for each in self.clocks:
            each.stop()

    # --- what the teams do ------------------------------------------------------------------------

    @rule(team=TEAM, minutes=st.sampled_from([1, 10, 20, 31]), steps=st.sampled_from([100, 300]), is_on=USUALLY)
    def start(self, team: int, minutes: int, steps: int, is_on: bool) -> None:
        of = self.teams[team]
        self._switch_training(is_on)
        left = ledger.balance_of(of).seconds_remaining
        try:
            job = jobs.start(of, None, TrainingChoices([self.datasets[of.pk]], steps, minutes, "any order"))
        except JobRefused:
            assert left < minutes * 60 or self._has_as_many_as_it_may(of)
        else:
            assert left >= minutes * 60 or job.state == JobState.TRY_AGAIN_LATER
            self.jobs.append(job.pk)

    @precondition(lambda self: self._parents())
    @rule(data=st.data(), minutes=st.sampled_from([1, 10]), is_on=USUALLY)
    def train_more(self, data: st.DataObject, minutes: int, is_on: bool) -> None:
        parent = data.draw(st.sampled_from(self._parents()))
        self._switch_training(is_on)
        left = ledger.balance_of(parent.team).seconds_remaining
        try:
            job = jobs.train_more(parent, None, TrainingChoices([], 100, minutes, "more of it"))
        except JobRefused:
            assert left < minutes * 60 or self._has_as_many_as_it_may(parent.team)
        else:
            assert job.first_step == parent.steps_completed
            self.steps[job.pk] = job.first_step
            self.jobs.append(job.pk)

    @precondition(lambda self: self.jobs)
    @rule(data=st.data(), is_on=USUALLY)
    def retry(self, data: st.DataObject, is_on: bool) -> None:
        job = self._any_job(data)
        self._switch_training(is_on)
        left = ledger.balance_of(job.team).seconds_remaining
        try:
            tried = jobs.retry(copy.copy(job), "a member")
        except JobRefused:
            assert left < job.max_seconds
        else:
            assert tried.state == job.state or (left >= job.max_seconds and tried.state == JobState.QUEUED)

    @precondition(lambda self: self.jobs)
    @rule(data=st.data())
    def stop(self, data: st.DataObject) -> None:
        job = self._any_job(data)
        was = JobState(job.state)
        now = jobs.request_stop(job, "a member").state
        assert now != was if was in STOPPABLE else now == was

    @precondition(lambda self: self.jobs)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        job = self._any_job(data)
        try:
            jobs.delete(job, "a member")
        except JobIsAlive:
            assert job.state not in TERMINAL
        except HasChildren:
            assert job.children.exists()
        else:
            assert job.state in TERMINAL
            self._is_taken_away(job.pk)
            self.jobs.remove(job.pk)

    # --- what the workers do ----------------------------------------------------------------------

    @precondition(lambda self: len(self.at_work) < len(WORKERS))
    @rule()
    def claim(self) -> None:
        worker = next(name for name in WORKERS if name not in self.at_work)
        job = job_leases.claim_export(worker) or job_leases.claim_next(worker, "cpu")
        if job is None:
            return
        holders = [attempt for attempt in self.at_work.values() if attempt.job.pk == job.pk]
        assert all(attempt.until < self.now for attempt in holders), "two live leases on one job"
        self._is_taken_away(job.pk)
        trainer = ScriptedTrainer(lambda trainer: iter(()))
        try:
            trainer.train(attempts.prepare(job, until_step=job.last_step, clock=Clock()))
        except attempts.FilesLost as lost:
            outcomes.files_lost(job, worker, lost.reason)
            return
        assert (trainer.job.resume_step or trainer.job.first_step) == job.steps_completed
        self.at_work[worker] = Attempt(job, lease_end(self.now), trainer)

    @precondition(lambda self: self.at_work)
    @rule(data=st.data(), seconds=st.sampled_from([0, 30, 700]))
    def train(self, data: st.DataObject, seconds: int) -> None:
        """A turn of the supervisor: count the time, renew, and follow the trainer and the user."""
        attempt = self.at_work[self._any_worker(data)]
        job = attempt.job
        counted = seconds if job.state == JobState.RUNNING else 0
        job_leases.renew(job, self.now, training_seconds=min(job.training_seconds + counted, job.max_seconds))
        attempt.until = lease_end(self.now)
        if job.state == JobState.PREPARING:
            jobs.transition(job, JobState.RUNNING, job.lease_owner)
        elif job.state == JobState.STOP_REQUESTED:
            jobs.transition(job, JobState.STOPPING, job.lease_owner)
        elif job.state == JobState.STOPPING and job.has_checkpoint:
            outcomes.stopped_before_export(job, job.lease_owner)

    @precondition(lambda self: any(not attempt.is_export for attempt in self.at_work.values()))
    @rule(data=st.data(), precisions=st.lists(st.sampled_from([0.2, 0.5, 0.9]), min_size=1, max_size=3))
    def publish(self, data: st.DataObject, precisions: list[float]) -> None:
        trained = {worker: attempt for worker, attempt in self.at_work.items() if not attempt.is_export}
        attempt = trained[data.draw(st.sampled_from(sorted(trained)))]
        for precision in precisions:
            attempt.saves(precision)
        publishing.publish_new(attempt.job, attempt.trainer.folder, Clock())

    @precondition(lambda self: self.at_work)
    @rule(data=st.data(), how=st.sampled_from(["succeeds", "fails", "is shut down", "dies", "runs out of time"]))
    def end(self, data: st.DataObject, how: str) -> None:
        """The attempt ends in good order; the user's stop comes before all but a success."""
        worker = self._any_worker(data)
        attempt = self.at_work.pop(worker)
        self.former.append(copy.deepcopy(attempt))
        job = attempt.job
        job.refresh_from_db()
        if attempt.is_export:
            attempt.publishes_models()
            outcomes.exported(job, was_tried_in_vain=how != "succeeds")
        elif how == "succeeds" and job.has_checkpoint:
            attempt.publishes_models()
            outcomes.succeeded(job, worker)
        elif job.state in outcomes.BEING_STOPPED:
            outcomes.stopped(job, worker)
        elif how == "fails":
            outcomes.failed(job, worker, Reason(Cause.DIVERGED, {"step": 7}))
        elif how == "is shut down":
            outcomes.requeue(job, worker, Reason(Code.SHUT_DOWN))
        elif how == "runs out of time" and job.state == JobState.RUNNING:
            outcomes.out_of_time(job, worker)
        else:
            outcomes.died(job, worker, Reason(Code.KILLED))

    @precondition(lambda self: self.former)
    @rule(data=st.data(), write=st.sampled_from([*LATE_WRITES, *LATE_ENDINGS]))
    def a_former_owner_writes(self, data: st.DataObject, write: str) -> None:
        attempt = copy.deepcopy(data.draw(st.sampled_from(self.former)))
        if attempt.is_export and write in LATE_ENDINGS:
            return
        attempt.trainer.folder.mkdir(parents=True, exist_ok=True)
        before = list(TrainingJob.objects.order_by("pk").values())
        with pytest.raises((LeaseLost, LostRace)):
            {**LATE_WRITES, **LATE_ENDINGS}[write](attempt)
        assert list(TrainingJob.objects.order_by("pk").values()) == before

    # --- what the server and its operator do ------------------------------------------------------

    @rule()
    def workers_report(self) -> None:
        for name in WORKERS:
            registry.report(name, "cpu", 1)

    @rule(seconds=st.sampled_from([20, 100, 4000]), is_seen=USUALLY)
    def time_passes(self, seconds: int, is_seen: bool) -> None:
        """Whoever does not renew a lease meanwhile has fallen silent."""
        self.now += timedelta(seconds=seconds)
        if is_seen:
            self.workers_report()

    @rule()
    def sweep(self) -> None:
        sweeping.sweep(NoPause())
        for attempt in list(self.at_work.values()):
            if not attempt.is_export and attempt.until < self.now:
                self._is_taken_away(attempt.job.pk)

    @precondition(lambda self: any(self.steps.values()))
    @rule(is_intact=USUALLY)
    def check_storage(self, is_intact: bool) -> None:
        """The operator has the storage repaired, after the files of all jobs have vanished or for no reason."""
        for team in [] if is_intact else self.teams:
            storage.remove_tree(f"teams/{team.pk}/jobs")
        for job, lost in list(lost_files.lost_files()):
            lost_files.give_up(job, lost)
            if job.state == JobState.STATE_UNSPECIFIED:
                self._is_taken_away(job.pk)

    # --- what holds whatever happens --------------------------------------------------------------

    @invariant()
    def no_promise_is_broken(self) -> None:
        owners = {attempt.job.pk: worker for worker, attempt in self.at_work.items()}
        accounts = accounts_by_job()
        for job in TrainingJob.objects.prefetch_related("events", "checkpoints"):
            every_change_is_recorded_and_allowed(job)
            a_lease_is_where_work_is(job, owners.get(job.pk, ""))
            checkpoints_only_grow(job, self.steps[job.pk])
            a_job_costs_what_it_used(job, accounts.pop(job.pk, {}))
            self.steps[job.pk] = job.steps_completed
        for of_a_deleted_job in accounts.values():
            assert of_a_deleted_job["reserve"] == of_a_deleted_job["charge"] + of_a_deleted_job["refund"]
        balances_are_exact()

    # --- choices ----------------------------------------------------------------------------------

    def _any_job(self, data: st.DataObject) -> TrainingJob:
        return TrainingJob.objects.get(pk=data.draw(st.sampled_from(self.jobs)))

    def _train_one(self) -> None:
        """The first job succeeds, so that there is a model to train more."""
        self.claim()
        worker, attempt = self.at_work.popitem()
        jobs.transition(attempt.job, JobState.RUNNING, worker)
        publishes(attempt)
        attempt.publishes_models()
        outcomes.succeeded(attempt.job, worker)

    def _parents(self) -> list[TrainingJob]:
        """The models that can be trained more."""
        ended = TrainingJob.objects.filter(state__in=TERMINAL, steps_completed__gt=F("first_step"))
        return [job for job in ended.order_by("created") if not lineage.more_refusal(job)]

    def _has_as_many_as_it_may(self, team: Team) -> bool:
        return TrainingJob.objects.filter(team=team, state__in=ON_ITS_WAY).count() == settings.TEAM_MAX_JOBS

    def _any_worker(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(sorted(self.at_work)))

    def _switch_training(self, is_on: bool) -> None:
        TrainingSwitch.objects.update_or_create(pk=1, defaults={"is_on": is_on})

    def _is_taken_away(self, job_id: UUID) -> None:
        """Whoever works on the job does not know it yet, and may still try to write."""
        for worker, attempt in list(self.at_work.items()):
            if attempt.job.pk == job_id:
                self.former.append(self.at_work.pop(worker))


def test_no_promise_is_broken_in_any_order(settings, caplog) -> None:
    caplog.set_level(logging.WARNING)
    settings.TEAM_SECONDS_ALLOWED = 60 * TEAM_MINUTES
    settings.TEAM_MAX_JOBS = 4
    orders = hypothesis_settings.get_profile(os.environ.get("FTCML_TEST_ORDERS", "quick"))
    run_state_machine_as_test(AnyOrder, settings=orders)
