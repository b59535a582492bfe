"""The workers and what each works on."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from ftcml.console.services.overview import Overview
from tests.factories import TrainingJobFactory
from training.models import TrainingJob, TrainingWorker
from training.services import registry
from training.states import JobState


def _leased_to(name: str, **fields: object) -> TrainingJob:
    until = timezone.now() + timedelta(seconds=90)
    return TrainingJobFactory(lease_owner=registry.owner_name(name), lease_until=until, **fields)


def test_each_worker_with_its_job(db) -> None:
    registry.report("busy", "gpu", 2)
    registry.report("idle", "cpu", 1)
    registry.report("silent", "cpu", 1)
    TrainingWorker.objects.filter(name="silent").update(last_seen=timezone.now() - timedelta(minutes=3))
    of_busy = _leased_to("busy", state=JobState.RUNNING)
    of_silent = _leased_to("silent", state=JobState.PREPARING)
    of_command = _leased_to("manage.py train", state=JobState.RUNNING)

    overview = Overview.now()

    assert [(row.worker.name, row.job) for row in overview.live] == [("busy", of_busy), ("idle", None)]
    assert [(row.worker.name, row.job) for row in overview.silent] == [("silent", of_silent)]
    assert [(row.worker, row.job) for row in overview.unlisted] == [(None, of_command)]


def test_a_lease_that_ran_out_and_an_export_are_told_apart_from_a_training(db) -> None:
    registry.report("busy", "cpu", 1)
    job = _leased_to("busy", state=JobState.STOPPED)
    [row] = Overview.now().live
    assert row.is_exporting
    assert not row.lease_ran_out
    TrainingJob.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING, lease_until=timezone.now() - timedelta(seconds=1)
    )
    [row] = Overview.now().live
    assert row.lease_ran_out
    assert not row.is_exporting


def test_the_page_says_how_fast_a_job_runs_and_when_nobody_trains(operator_client: Client) -> None:
    assert "No training worker is running" in operator_client.get("/console/").content.decode()
    registry.report("busy", "gpu", 2)
    _leased_to("busy", state=JobState.RUNNING, description="finder", live_step=120, live_steps_per_second=1.5)
    page = operator_client.get("/console/").content.decode()
    for words in ("busy", "2 × gpu", "finder", "120 of 400", "1.50"):
        assert words in page
