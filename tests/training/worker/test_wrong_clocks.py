"""Clocks that are wrong: of one machine beside the database's, and of the only machine, which is set."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import clocks
from tests.factories import TrainingJobFactory
from training.integrity import sweeping
from training.models import LastSweep, TrainingJob
from training.services import registry
from training.states import JobState
from training.worker import job_leases
from training.worker.worker_clock import Clock

pytestmark = pytest.mark.both_databases

WRONG_BY = [timedelta(minutes=-10), timedelta(minutes=10)]


class TestAMachineOfItsOwn:
    """A worker on another machine than the database, whose clock is wrong."""

    @pytest.fixture(params=WRONG_BY, ids=["behind", "ahead"])
    def wrong_clock(self, request, monkeypatch, db) -> pytest.MonkeyPatch:
        clocks.set_wrong(monkeypatch, request.param)
        return monkeypatch

    def test_it_keeps_the_job_that_it_claims(self, wrong_clock) -> None:
        TrainingJobFactory()
        job = job_leases.claim_next("worker-1", "cpu")
        job_leases.renew(job, Clock().now())
        wrong_clock.undo()
        sweeping.sweep()
        job.refresh_from_db()
        assert (job.state, job.lease_owner) == (JobState.PREPARING, "worker-1")
        assert job.lease_until - timezone.now() < timedelta(seconds=91)

    def test_its_sweep_takes_no_job_from_others(self, wrong_clock) -> None:
        until = Clock().now() + timedelta(seconds=60)
        job = TrainingJobFactory(state=JobState.RUNNING, lease_number=1, lease_owner="worker-2", lease_until=until)
        sweeping.sweep()
        job.refresh_from_db()
        assert job.state == JobState.RUNNING

    def test_others_see_that_it_lives(self, wrong_clock) -> None:
        registry.report("worker-1", "gpu", 1)
        assert registry.live_workers().exists()
        wrong_clock.undo()
        assert registry.live_workers().exists()


class TestAClockThatIsSet:
    """By hours, on the one machine: seen from afterwards, what was written before is of another time."""

    @pytest.fixture(autouse=True)
    def _swept_just_now(self, db) -> None:
        sweeping.sweep()

    @staticmethod
    def running_until(hours: float) -> TrainingJob:
        until = timezone.now() + timedelta(hours=hours)
        return TrainingJobFactory(state=JobState.RUNNING, lease_number=1, lease_owner="worker-1", lease_until=until)

    def test_set_back_a_lease_of_a_worker_that_is_gone_does_not_last_for_hours(self) -> None:
        job = self.running_until(hours=3)
        sweeping.sweep()
        job.refresh_from_db()
        assert (job.state, job.deaths_in_a_row) == (JobState.QUEUED, 1)

    @pytest.mark.parametrize("hours", [-3, 3], ids=["set forward", "set back"])
    def test_a_worker_that_lives_has_a_moment_to_renew_its_lease(self, hours: int) -> None:
        lives, gone = self.running_until(hours), self.running_until(hours)
        LastSweep.objects.update(ended=timezone.now() + timedelta(hours=hours))

        class MomentOfRenewal(Clock):
            def sleep(self, seconds: float) -> None:
                job_leases.renew(lives, self.now())

        sweeping.sweep(MomentOfRenewal())
        lives.refresh_from_db()
        gone.refresh_from_db()
        assert (lives.state, gone.state) == (JobState.RUNNING, JobState.QUEUED)

    def test_a_worker_that_was_seen_in_the_time_to_come_does_not_count(self) -> None:
        registry.report("worker-1", "cpu", 1)
        registry.live_workers().update(last_seen=timezone.now() + timedelta(hours=3))
        assert not registry.live_workers().exists()

    def test_the_export_of_a_worker_that_is_gone_is_done_by_another(self) -> None:
        job = TrainingJobFactory(state=JobState.STOPPED, steps_completed=100, lease_number=1, lease_owner="worker-1")
        job.checkpoints.create(step=100, lease_number=1, folder="somewhere")
        TrainingJob.objects.filter(pk=job.pk).update(lease_until=timezone.now() + timedelta(hours=3))
        assert job_leases.claim_export("worker-2") == job
