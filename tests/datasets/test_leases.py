"""An import survives the death of its worker, and two workers never do one import at once."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from datasets import production, tasks
from datasets.leases import Lease, LeaseLost
from datasets.models import Dataset
from ftcml import storage
from tests.datasets.archives import sound_frames, write_zip

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def waiting(team, tmp_path: Path) -> Dataset:
    return production.request_import(team, None, write_zip(tmp_path / "set.zip", sound_frames(20)), "a set")


def let_the_lease_expire(dataset: Dataset) -> None:
    Dataset.objects.filter(pk=dataset.pk).update(import_lease_until=timezone.now() - timedelta(seconds=1))


def test_a_worker_does_all_that_waits(waiting: Dataset, team, tmp_path: Path) -> None:
    other = production.request_import(team, None, write_zip(tmp_path / "b.zip", sound_frames(3)), "another")
    tasks.import_next()
    assert set(Dataset.objects.values_list("pk", "state")) == {(waiting.pk, "READY"), (other.pk, "READY")}


def test_only_one_of_two_workers_gets_an_import(waiting: Dataset) -> None:
    same = Dataset.objects.get(pk=waiting.pk)
    assert Lease.claim(waiting) is not None
    assert Lease.claim(same) is None


def test_an_import_whose_worker_died_is_done_by_another_from_a_clean_start(waiting: Dataset) -> None:
    dead = Lease.claim(waiting)
    assert dead is not None
    dead.beat(frames_done=7, frames_total=20)
    tasks.import_next()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.frames_done) == (Dataset.State.PRODUCING, 7), "its lease still holds"
    let_the_lease_expire(waiting)
    tasks.import_next()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.frames_done, waiting.frames.count()) == (Dataset.State.READY, 20, 20)


def test_a_worker_that_slept_past_its_lease_changes_nothing_any_more(waiting: Dataset) -> None:
    late = Lease.claim(waiting)
    let_the_lease_expire(waiting)
    tasks.import_next()
    production.produce_held(waiting, late)
    assert (waiting.state, waiting.frames.count()) == (Dataset.State.READY, 20)
    assert storage.exists(waiting.shards.first().name)


def test_an_import_that_kills_its_worker_three_times_fails(waiting: Dataset, stored_files) -> None:
    for _ in range(3):
        assert Lease.claim(Dataset.objects.get(pk=waiting.pk)) is not None
        let_the_lease_expire(waiting)
    tasks.import_next()
    waiting.refresh_from_db()
    assert waiting.state == Dataset.State.FAILED
    assert waiting.error.startswith("The import was cut off 3 times")
    assert stored_files() == []


def test_a_dataset_that_is_deleted_during_its_import_leaves_no_file(
    waiting: Dataset, stored_files, django_capture_on_commit_callbacks
) -> None:
    lease = Lease.claim(waiting)

    def delete_it(done: int, total: int) -> None:
        if done == 5:
            with django_capture_on_commit_callbacks(execute=True):
                production.delete_dataset(Dataset.objects.get(pk=waiting.pk))

    production.produce_held(waiting, lease, delete_it)
    assert not Dataset.objects.exists()
    assert stored_files() == []


def test_the_row_shows_progress_and_renews_its_lease(waiting: Dataset) -> None:
    lease = Lease.claim(waiting)
    first = lease.until
    lease.beat(frames_done=1, frames_total=20)
    lease.beat(frames_done=2)
    waiting.refresh_from_db()
    assert (waiting.frames_done, waiting.frames_total) == (1, 20), "the second beat came within half a second"
    assert waiting.import_lease_until == lease.until >= first


def test_who_lost_the_lease_hears_of_it(waiting: Dataset) -> None:
    lease = Lease.claim(waiting)
    let_the_lease_expire(waiting)
    with pytest.raises(LeaseLost):
        lease.write(frames_done=1)


def test_an_upload_that_did_not_arrive_whole_fails_with_a_sentence(waiting: Dataset) -> None:
    storage.remove(waiting.archive_name)
    production.produce(waiting)
    assert waiting.state == Dataset.State.FAILED
    assert waiting.error == "The upload did not arrive whole. Import the file again."


def test_an_upload_that_is_still_arriving_is_not_imported(team, tmp_path: Path) -> None:
    dataset, _ = production.receive(team, None, write_zip(tmp_path / "set.zip", sound_frames(3)), "a set")
    tasks.import_next()
    dataset.refresh_from_db()
    assert dataset.state == Dataset.State.PRODUCING
