"""When most of what is stored is unknown, the database is more likely wrong than the files."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

import training.integrity.unused_files
from datasets.models import Dataset
from datasets.services import unused_files
from ftcml.core.files import storage
from ftcml.installation import alarms, identity
from ftcml.installation.models import UnknownFile
from ftcml.installation.quarantine import AT_LEAST, is_most
from tests import clocks
from tests.factories import DatasetFactory, TrainingJobFactory, add_model
from training.models import TrainingJob
from training.states import JobState


@given(st.integers(0, 3000), st.integers(0, 3000))
def test_most_is_more_than_half_and_not_just_a_few(unknown: int, known: int) -> None:
    most = is_most(unknown, unknown + known)
    assert most == (unknown >= AT_LEAST and unknown > known)
    assert not most or is_most(unknown + 1, unknown + 1 + known), "more unknown ones never end the alarm"
    assert most or not is_most(unknown, unknown + known + 1), "more known ones never begin it"


@pytest.fixture
def stored(team) -> list[Dataset]:
    """Eight datasets with a file each."""
    sets = DatasetFactory.create_batch(8, team=team)
    for dataset in sets:
        storage.put(dataset.label_map_name, ContentFile(b"labels"))
    unused_files.remove_unused_files()
    return sets


def tidy_all() -> None:
    """What is done every hour."""
    unused_files.remove_unused_files()
    training.integrity.unused_files.remove_unused_files()


def a_week_passes() -> None:
    UnknownFile.objects.update(first_seen=timezone.now() - timedelta(days=7))


def test_most_of_them_unknown_stops_the_tidying_and_tells_operators(
    stored, stored_files, operator_client: Client, client: Client
) -> None:
    """As after the restore of an older copy of the database."""
    before = stored_files()
    Dataset.objects.filter(pk__in=[dataset.pk for dataset in stored[:5]]).delete()
    unused_files.remove_unused_files()
    a_week_passes()
    unused_files.remove_unused_files()

    assert stored_files() == before
    (alarm,) = alarms.current()
    assert alarm.sentence.startswith("The database is missing all or part of 5 of 8 stored datasets.")
    page = operator_client.get("/console/storage/").content.decode()
    assert "5 of 8 stored datasets" in page
    assert "They stay until the alarm above is settled" in page
    cache.clear()
    said = {check["name"]: check["sentence"] for check in client.get("/readyz").json()["checks"]}
    assert said["installation"] == alarm.sentence

    for dataset in stored[:5]:  # the newest database is back
        dataset.save(force_insert=True)
    unused_files.remove_unused_files()
    assert alarms.current() == []


def test_an_older_copy_that_knows_every_training_and_not_its_newest_files_loses_none(team, stored_files) -> None:
    """Each was trained more since the copy was made, so the newest attempts are of the newest database."""
    trainings = TrainingJobFactory.create_batch(6, team=team, state=JobState.STOPPED, lease_number=1)
    for job in trainings:
        storage.put(f"{job.prefix}/attempt-000002/model.tflite", ContentFile(b"a model"))
    before = stored_files()
    tidy_all()
    a_week_passes()
    tidy_all()
    assert stored_files() == before
    (alarm,) = alarms.current()
    assert alarm.sentence.startswith("The database is missing all or part of 6 of 6 stored jobs.")

    TrainingJob.objects.update(lease_number=2)  # the newest database is back, with its rows
    for job in trainings:
        add_model(job, name=f"{job.prefix}/attempt-000002/model.tflite")
    tidy_all()
    assert (alarms.current(), stored_files()) == ([], before)


def test_a_worker_that_trains_beside_an_older_copy_ends_no_alarm(team, stored_files) -> None:
    """What waits of the jobs that it has counts on, though it is not looked at meanwhile."""
    for job in TrainingJobFactory.create_batch(5, team=team, state=JobState.STOPPED, lease_number=1):
        storage.put(f"{job.prefix}/attempt-000002/model.tflite", ContentFile(b"a model"))
    tidy_all()
    TrainingJob.objects.filter(pk=job.pk).update(lease_until=timezone.now() + timedelta(seconds=60))
    before = stored_files()
    a_week_passes()
    tidy_all()
    assert stored_files() == before
    assert "5 of 5 stored jobs" in alarms.current()[0].sentence


def test_few_of_each_kind_are_most_of_all(team, stored_files) -> None:
    """A young server: four datasets and four trainings, none of which the database knows."""
    sets, trainings = DatasetFactory.create_batch(4, team=team), TrainingJobFactory.create_batch(4, team=team)
    for dataset, job in zip(sets, trainings, strict=True):
        storage.put(dataset.label_map_name, ContentFile(b"labels"))
        storage.put(f"{job.prefix}/attempt-000001/model.tflite", ContentFile(b"a model"))
        (settings.WORK_DIR / str(job.pk)).mkdir(parents=True)
        (settings.WORK_DIR / str(job.pk) / "trainer.log").write_text("step 100")
    identity.check()
    before = stored_files()
    TrainingJob.objects.all().delete()
    Dataset.objects.all().delete()
    tidy_all()
    a_week_passes()
    tidy_all()
    assert stored_files() == before
    (alarm,) = alarms.current()
    assert alarm.sentence.startswith(
        "The database is missing all or part of 4 of 4 stored datasets and 4 of 4 stored jobs."
    )


def test_a_few_unknown_ones_are_shown_with_the_day_on_which_they_go(stored, operator_client: Client) -> None:
    stored[0].delete()
    stored[1].delete()
    unused_files.remove_unused_files()
    page = operator_client.get("/console/storage/").content.decode()
    assert "doesn't know 2 stored files or folders" in page
    assert f"{timezone.now() + timedelta(days=7):%b} " in page
    a_week_passes()
    unused_files.remove_unused_files()
    assert len(storage.folders(f"teams/{stored[0].team_id}/datasets")) == 6


@pytest.mark.both_databases
@pytest.mark.parametrize("days", [-8, 8], ids=["behind", "ahead"])
def test_a_machine_with_a_wrong_clock_shortens_nothing(stored, stored_files, monkeypatch, days: int) -> None:
    """A training worker notes what is unknown too, as a server does whose clock was never set."""
    before = stored_files()
    stored[0].delete()
    with monkeypatch.context() as machine:
        clocks.set_wrong(machine, timedelta(days=days))
        unused_files.remove_unused_files()
    unused_files.remove_unused_files()
    assert stored_files() == before
    a_week_passes()
    unused_files.remove_unused_files()
    assert len(stored_files()) == len(before) - 1
