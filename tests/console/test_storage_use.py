"""What the teams' files take: walked by a task, one row for each team."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from ftcml.celery import app
from ftcml.console import tasks
from ftcml.console.models import OperatorAction, StorageMeasurement, StorageUse
from ftcml.console.services import storage_use
from ftcml.core.files import storage
from tests import clocks
from tests.factories import TeamFactory


@pytest.fixture
def files(team, tmp_path: Path) -> None:
    """300 bytes of two datasets and 50 of a job."""
    (tmp_path / "file").write_bytes(bytes(150))
    for name in ("one/a", "two/frames/b"):
        storage.put(f"{storage.team_folder(team.pk, 'datasets')}/{name}", tmp_path / "file")
    (tmp_path / "file").write_bytes(bytes(50))
    storage.put(f"{storage.team_folder(team.pk, 'jobs')}/three/attempt-000001/model.tflite", tmp_path / "file")


def test_every_team_is_measured_and_again_when_something_is_gone(team, files) -> None:
    nobody = TeamFactory()
    tasks.measure_storage()
    assert StorageUse.objects.get(team=nobody).total_bytes == 0
    use = StorageUse.objects.get(team=team)
    assert (use.dataset_bytes, use.job_bytes, use.total_bytes) == (300, 50, 350)

    storage.remove_tree(storage.team_folder(team.pk, "datasets"))
    tasks.measure_storage()

    use.refresh_from_db()
    assert (use.dataset_bytes, use.job_bytes) == (0, 50)
    assert not StorageMeasurement.now().is_at_work


def test_two_do_not_measure_at_once_and_a_killed_one_does_not_stand_in_the_way_for_ever(team) -> None:
    busy = StorageMeasurement.objects.create(pk=1, busy_until=timezone.now() + timedelta(minutes=1))
    storage_use.measure()
    assert not StorageUse.objects.exists()
    StorageMeasurement.objects.filter(pk=busy.pk).update(busy_until=timezone.now() - timedelta(seconds=1))
    storage_use.measure()
    assert StorageUse.objects.exists()


def test_one_that_began_before_the_clock_was_set_back_does_not_either(team) -> None:
    StorageMeasurement.objects.create(pk=1, busy_until=timezone.now() + timedelta(hours=30))
    assert not StorageMeasurement.now().is_at_work
    storage_use.measure()
    assert StorageUse.objects.exists()


def test_who_measured_for_too_long_leaves_the_right_to_the_next(team, monkeypatch) -> None:
    until = timezone.now() + timedelta(minutes=30)

    def another_begins(folder: str) -> int:
        StorageMeasurement.objects.update(busy_until=until)
        return 0

    monkeypatch.setattr(storage, "tree_size", another_begins)
    storage_use.measure()
    now = StorageMeasurement.now()
    assert (now.busy_until, now.finished) == (until, None)


@pytest.mark.both_databases
def test_machines_with_other_clocks_do_not_measure_at_once(team, operator, monkeypatch) -> None:
    StorageMeasurement.objects.create(pk=1, busy_until=timezone.now() + timedelta(minutes=1))
    with monkeypatch.context() as machine:
        clocks.set_wrong(machine, timedelta(hours=2))
        storage_use.measure()
        assert StorageMeasurement.now().is_at_work
        assert not StorageUse.objects.exists()
        storage_use.measure_soon(operator)
    StorageMeasurement.objects.update(busy_until=None)
    storage_use.measure()
    assert not StorageMeasurement.now().is_expected, "the page would ask for ever"


def test_a_click_only_asks_for_it(operator_client: Client, team, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True) as wakeups:
        assert operator_client.post("/console/storage/measure/").status_code == 204
    assert len(wakeups) == 1
    assert not StorageUse.objects.exists()
    assert StorageMeasurement.now().is_expected
    assert OperatorAction.objects.get().kind == "measure"
    tasks.measure_storage()
    assert not StorageMeasurement.now().is_expected


def test_the_hourly_measurement_and_the_click_name_a_task_that_is_there(settings) -> None:
    assert settings.CELERY_BEAT_SCHEDULE["measure-storage"]["task"] == tasks.measure_storage.name == storage_use.TASK
    assert app.amqp.router.route({}, storage_use.TASK)["queue"].name == "sweeps"


def test_the_page_begins_with_the_largest(operator_client: Client, team, files) -> None:
    TeamFactory()
    tasks.measure_storage()
    page = operator_client.get("/console/storage/")
    assert [use.total_bytes for use in page.context["page"]] == [350, 0]


def test_a_full_disk_is_told(operator_client: Client, settings) -> None:
    assert "are refused below" in operator_client.get("/console/storage/").content.decode()
    settings.DISK_RESERVE_BYTES = 10**18
    assert "are refused until" in operator_client.get("/console/storage/").content.decode()
