"""Deleting moves to the trash: nothing is lost until it leaves the trash, and its own team alone can restore it."""

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import serializers
from django.core.files.base import ContentFile
from django.db.models import Model

from datasets.models import Dataset, Frame, Shard
from datasets.refusals import DatasetInUse, DatasetRefused
from datasets.services import imports
from datasets.services import trash as datasets_trash
from datasets.tasks import tidy as tidy_datasets
from ftcml.accounts.models import User
from ftcml.core import clock
from ftcml.core.files import storage
from ftcml.core.trash.holders import holders
from ftcml.installation import identity, removals
from ftcml.installation.models import Removal
from tests.datasets.archives import sound_frames, write_zip
from tests.factories import DatasetFactory, MembershipFactory, TrainingJobFactory
from tests.one_of_everything import make_team
from training import models, tasks
from training.integrity.storage_audit import Audit
from training.models import TrainingJob
from training.services.lineage import HasChildren
from training.states import JobState
from training.trash import emptying, moving
from training.trash.team_trash import Choice, items

pytestmark = pytest.mark.both_databases

KINDS: tuple[type[Model], ...] = (
    models.TrainingJob, models.JobDataset, models.JobEvent, models.Checkpoint, models.MetricPoint, models.ModelFile,
    models.TrainerLog, Dataset, Shard, Frame,
)  # fmt: skip


@pytest.fixture
def trained(team) -> TrainingJob:
    job = TrainingJobFactory(team=team, description="first", state=JobState.SUCCEEDED, steps_completed=400)
    storage.put(f"{job.prefix}/model.tflite", ContentFile(b"a model"))
    identity.check()
    return job


def age(days: float) -> None:
    """Let everything have been in the trash for so many days more."""
    for rows in (datasets_trash.in_trash(), moving.in_trash()):
        for row in rows:
            rows.model._base_manager.filter(pk=row.pk).update(trashed_at=row.trashed_at - timedelta(days=days))


def everything(stored_files: Callable[[], list[str]]) -> tuple[str, dict[str, bytes]]:
    """Every row of datasets and models, save what a deletion and a restoration do to them, and every file."""
    rows = [row for kind in KINDS for row in kind._base_manager.order_by("pk")]
    return serializers.serialize("json", rows), {name: Path(name).read_bytes() for name in stored_files()}


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_lost_of_what_is_deleted_and_restored(seed: int, db, stored_files) -> None:
    """In any order, with the sweeps in between, and with another team that tries to restore it."""
    chance = random.Random(seed)
    team, job = make_team()
    person, stranger = MembershipFactory(team=team).user, MembershipFactory().user
    other = stranger.memberships.get().team
    child = TrainingJobFactory(
        team=team, state=JobState.STOPPED, parent=job, first_step=100, steps_completed=200, dataset=job.datasets.get()
    )
    free = DatasetFactory(team=team)
    storage.put(f"{free.prefix}/label.pbtxt", ContentFile(b"labels"))
    identity.check()
    trashed = [str(item.row.pk) for item in items(team)]
    Choice.of(team, trashed, trashed).restore(person)
    before = everything(stored_files)

    def delete() -> None:
        datasets_trash.move_all(Dataset.objects.for_team(team))
        moving.move_all(TrainingJob.objects.for_team(team).filter(pk=chance.choice([job.pk, child.pk])), person)

    def restore() -> None:
        in_trash = [item for item in items(team) if chance.random() < 0.5]
        keys = [str(item.row.pk) for item in in_trash]
        assert Choice.of(other, keys, keys).items == []
        assert Choice.of(team, keys, keys).restore(person).refusals == []

    def sweep() -> None:
        tasks.tidy()
        tidy_datasets()
        emptying.make_room()
        assert Audit.now().count == 0 or not Audit.now().leftovers
        removals.remove_deleted()

    for _ in range(12):
        chance.choice([delete, restore, sweep])()
        for trashed in moving.in_trash():
            assert not datasets_trash.in_trash().filter(training_jobs=trashed).exists()
    keys = [str(item.row.pk) for item in items(team)]
    Choice.of(team, keys, keys).restore(person)

    assert everything(stored_files) == before


def test_what_is_in_the_trash_is_gone_for_everybody(trained, member_client, member_api, team, settings) -> None:
    dataset, model = trained.datasets.get(), f"/models/{trained.pk}/"
    assert member_api.delete(f"/api/v1/training-jobs/{trained.pk}/").status_code == 204
    assert member_client.get(model).status_code == 404
    assert member_api.get(f"/api/v1/training-jobs/{trained.pk}/").status_code == 404
    assert member_api.get("/api/v1/training-jobs/").json()["results"] == []
    assert member_api.delete(f"/api/v1/training-jobs/{trained.pk}/").status_code == 404
    refused = member_api.delete(f"/api/v1/datasets/{dataset.pk}/")
    assert refused.status_code == 409
    assert "“first (in the trash)”" in refused.json()["detail"]


def test_a_dataset_of_a_model_in_the_trash_stays(trained: TrainingJob, coach: User) -> None:
    dataset = trained.datasets.get()
    moving.move_to_trash(trained, coach)
    with pytest.raises(DatasetInUse, match="in the trash"):
        datasets_trash.move_to_trash(dataset)
    moving.delete_now(trained, coach)
    datasets_trash.move_to_trash(dataset)
    assert [item.row for item in items(dataset.team)] == [dataset]


def test_a_restored_model_brings_back_what_it_goes_on_from(trained: TrainingJob, coach: User) -> None:
    child = TrainingJobFactory(
        team=trained.team, state=JobState.STOPPED, parent=trained, first_step=400, steps_completed=500
    )
    with pytest.raises(HasChildren):
        moving.move_to_trash(trained, coach)
    assert moving.move_all([trained, child], coach).refusals == []
    with pytest.raises(HasChildren):
        moving.delete_now(trained, coach)
    moving.restore(child, coach)
    assert set(TrainingJob.objects.all()) == {trained, child}


def test_after_its_days_it_is_gone_for_good(trained: TrainingJob, coach: User, stored_files, settings) -> None:
    child = TrainingJobFactory(
        team=trained.team, state=JobState.STOPPED, parent=trained, first_step=400, steps_completed=500
    )
    moving.move_all([trained, child], coach)
    age(settings.TRASH_DAYS - 0.01)
    tasks.tidy()
    removals.remove_deleted()
    assert (moving.in_trash().count(), len(stored_files())) == (2, 1)
    age(0.02)
    tasks.tidy()
    removals.remove_deleted()
    assert not TrainingJob.everything.exists()
    assert stored_files() == []


def test_nothing_leaves_the_trash_beside_files_that_are_not_ours(trained, coach, monkeypatch, settings) -> None:
    moving.move_to_trash(trained, coach)
    age(settings.TRASH_DAYS + 1)
    monkeypatch.setattr(identity, "work_must_wait", lambda: True)
    emptying.empty_old()
    assert moving.in_trash().exists()


def test_a_disk_that_fills_up_takes_the_oldest_first_and_one_at_a_time(trained, coach, settings, monkeypatch) -> None:
    newer = DatasetFactory(team=trained.team)
    moving.move_to_trash(trained, coach)
    age(1)
    datasets_trash.move_to_trash(newer)
    emptying.make_room()
    assert len(items(trained.team)) == 2
    settings.DISK_RESERVE_BYTES = 1000
    monkeypatch.setattr(storage, "free_bytes", lambda: 1200)
    assert storage.nearly_full() == "", "nothing is refused yet"
    emptying.make_room()
    emptying.make_room()
    assert [item.row for item in items(trained.team)] == [newer], "its files come first"
    removals.remove_deleted()
    emptying.make_room()
    assert items(trained.team) == []


def test_who_restores_beside_the_sweep_gets_the_whole_thing_or_nothing(trained, coach, settings) -> None:
    moving.move_to_trash(trained, coach)
    moving.restore(trained, coach)
    moving.delete_now(trained, coach)
    assert TrainingJob.objects.get() == trained
    assert not Removal.objects.exists()


def test_the_trash_counts_for_no_limit_and_restoring_does(team, settings) -> None:
    settings.TEAM_MAX_DATASETS = 1
    first = DatasetFactory(team=team)
    datasets_trash.move_to_trash(first)
    DatasetFactory(team=team)
    with pytest.raises(DatasetRefused, match="limit of 1 dataset"):
        datasets_trash.restore(first)
    assert datasets_trash.in_trash().get() == first


def test_an_import_that_was_deleted_goes_on_when_it_is_restored(team, tmp_path, stored_files) -> None:
    dataset = imports.request_import(team, None, write_zip(tmp_path / "cones.zip", sound_frames(3)), "cones")
    datasets_trash.move_to_trash(dataset)
    assert imports_waiting() == []
    tidy_datasets()
    datasets_trash.restore(dataset)
    assert imports_waiting() == [dataset]
    assert len(stored_files()) >= 1


def imports_waiting() -> list[Dataset]:
    from datasets.importing import import_leases

    return list(import_leases.waiting())


def test_what_left_the_trash_cannot_be_restored(team) -> None:
    dataset = DatasetFactory(team=team)
    datasets_trash.move_to_trash(dataset)
    datasets_trash.delete_now(dataset)
    with pytest.raises(DatasetRefused, match="isn't in the trash anymore"):
        datasets_trash.restore(dataset)
    assert holders([dataset]) == {}
    assert clock.now() > Dataset.everything.get().deleted
