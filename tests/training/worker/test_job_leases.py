from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from ftcml.core.lease import LeaseLost
from tests.factories import DatasetFactory, TeamFactory, TrainingJobFactory, add_model, counts
from training.models import Checkpoint, TrainingJob
from training.services import jobs
from training.states import JobState
from training.worker import job_leases

pytestmark = pytest.mark.both_databases


def minutes_ago(minutes: int):
    return timezone.now() - timedelta(minutes=minutes)


def has_trained(team, seconds: int, ended, **fields) -> None:
    """A job of the team that has ended."""
    job = TrainingJobFactory(team=team, state=JobState.SUCCEEDED, training_seconds=seconds, **fields)
    job.events.create(old_state="RUNNING", new_state="SUCCEEDED", created=ended)


def test_a_claim_gives_the_job_a_new_lease(db) -> None:
    TrainingJobFactory()

    job = job_leases.claim_next("worker-1", "cpu")

    job.refresh_from_db()
    assert (job.state, job.lease_number, job.lease_owner) == (JobState.PREPARING, 1, "worker-1")
    assert timedelta(seconds=80) < job.lease_until - timezone.now() <= timedelta(seconds=90)


def test_of_two_workers_one_gets_the_job(db) -> None:
    job = TrainingJobFactory()
    seen_by_another = TrainingJob.objects.get(pk=job.pk)
    job_leases.claim(seen_by_another, "worker-2", "cpu", timezone.now())

    with pytest.raises(jobs.LostRace):
        job_leases.claim(job, "worker-1", "cpu", timezone.now())
    assert job_leases.claim_next("worker-1", "cpu") is None


def test_the_oldest_job_of_a_team_is_first(team) -> None:
    TrainingJobFactory(team=team, created=minutes_ago(1))
    older = TrainingJobFactory(team=team, created=minutes_ago(2))
    assert job_leases.claim_next("worker-1", "cpu") == older


def test_the_team_that_trained_least_lately_is_first(team) -> None:
    has_trained(team, seconds=600, ended=minutes_ago(2))
    TrainingJobFactory(team=team, created=minutes_ago(5))
    another = TeamFactory()
    has_trained(another, seconds=9000, ended=minutes_ago(3 * 24 * 60))
    of_another = TrainingJobFactory(team=another, created=minutes_ago(1))
    assert job_leases.claim_next("worker-1", "cpu") == of_another


def test_a_job_that_waited_for_days_counts_by_when_it_trained(team) -> None:
    has_trained(team, seconds=600, ended=minutes_ago(2), created=minutes_ago(2 * 24 * 60))
    TrainingJobFactory(team=team, created=minutes_ago(5))
    of_another = TrainingJobFactory(created=minutes_ago(1))
    assert job_leases.claim_next("worker-1", "cpu") == of_another


def test_a_job_that_is_at_it_since_yesterday_counts(team) -> None:
    at_it = TrainingJobFactory(team=team, state=JobState.RUNNING, training_seconds=600, created=minutes_ago(3000))
    at_it.events.create(old_state="PREPARING", new_state="RUNNING", created=minutes_ago(2900))
    TrainingJobFactory(team=team, created=minutes_ago(5))
    of_another = TrainingJobFactory(created=minutes_ago(1))
    assert job_leases.claim_next("worker-1", "cpu") == of_another


def test_the_batch_fits_the_frames_of_all_datasets(team) -> None:
    small = DatasetFactory(team=team, counts=counts(training=20))
    TrainingJobFactory(team=team, dataset=small)
    job = job_leases.claim_next("worker-1", "gpu")
    assert (job.accelerator, job.batch_size) == ("gpu", 16)


def test_a_job_that_goes_on_keeps_its_batch(db) -> None:
    TrainingJobFactory(batch_size=4, steps_completed=100)
    assert job_leases.claim_next("worker-1", "cpu").batch_size == 4


def test_a_job_whose_model_this_worker_does_not_know_is_left_in_the_queue(db) -> None:
    TrainingJobFactory(starting_model="from a newer version")
    assert job_leases.claim_next("worker-1", "cpu") is None


def test_renewing_prolongs_the_lease(db) -> None:
    TrainingJobFactory()
    job = job_leases.claim_next("worker-1", "cpu")
    later = timezone.now() + timedelta(seconds=60)
    job_leases.renew(job, later, live_step=7)
    assert (job.lease_until, job.live_step) == (later + timedelta(seconds=90), 7)


def test_a_lease_that_another_took_cannot_be_renewed(db) -> None:
    TrainingJobFactory()
    job = job_leases.claim_next("worker-1", "cpu")
    TrainingJob.objects.filter(pk=job.pk).update(lease_number=2, lease_owner="worker-2")
    with pytest.raises(LeaseLost):
        job_leases.renew(job, timezone.now(), live_step=7)


@pytest.mark.parametrize(
    "happens",
    [lambda rows: rows.update(lease_number=2, lease_owner="worker-2"), lambda rows: rows.delete()],
    ids=["another took it", "it was deleted"],
)
def test_who_falls_asleep_while_renewing_does_not_wake_up_with_anothers_lease(db, happens) -> None:
    def sleeps_after_its_update(execute, sql, *rest):
        result = execute(sql, *rest)
        if sql.startswith("UPDATE") and not asleep:
            asleep.append(True)
            happens(TrainingJob.objects.filter(pk=job.pk))
        return result

    TrainingJobFactory()
    job, asleep = job_leases.claim_next("worker-1", "cpu"), []
    with connection.execute_wrapper(sleeps_after_its_update), pytest.raises(LeaseLost):
        job_leases.renew(job, timezone.now(), live_step=7)
    assert job.lease_owner == "worker-1"


def ended_with_checkpoint(has_model: bool = False, **fields) -> TrainingJob:
    job = TrainingJobFactory(**{"state": JobState.STOPPED, "steps_completed": 100, **fields})
    Checkpoint.objects.create(job=job, step=100, lease_number=1, folder="somewhere")
    if has_model:
        add_model(job)
    return job


def test_an_ended_job_without_its_model_file_waits_for_the_export(db) -> None:
    job = ended_with_checkpoint()
    claimed = job_leases.claim_export("worker-1")
    assert (claimed, claimed.state, claimed.lease_owner) == (job, JobState.STOPPED, "worker-1")
    assert job_leases.claim_export("worker-2") is None


@pytest.mark.parametrize(
    "fields",
    [{"has_model": True}, {"state": JobState.RUNNING}, {"deaths_in_a_row": 3}],
    ids=["exported already", "still training", "failed too often"],
)
def test_there_is_nothing_to_export(db, fields) -> None:
    ended_with_checkpoint(**fields)
    assert job_leases.claim_export("worker-1") is None
