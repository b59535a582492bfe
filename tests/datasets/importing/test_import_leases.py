"""An import survives the death of its worker, and two workers never do one import at once."""

import errno
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError
from django.utils import timezone

from datasets.importing import import_leases, producing
from datasets.importing.import_leases import Lease
from datasets.inspection.findings import Tally
from datasets.models import Dataset, Frame, Shard
from datasets.services import deletion, imports
from ftcml.core.files import storage
from ftcml.core.lease import LeaseLost
from ftcml.installation import removals
from tests.datasets.archives import sound_frames, write_zip
from tests.datasets.producing import import_what_waits
from tests.factories import DatasetFactory, TeamFactory

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def waiting(team, tmp_path: Path) -> Dataset:
    return imports.request_import(team, None, write_zip(tmp_path / "set.zip", sound_frames(20)), "a set")


def let_the_lease_expire(dataset: Dataset) -> None:
    Dataset.objects.filter(pk=dataset.pk).update(import_lease_until=timezone.now() - timedelta(seconds=1))


def test_a_worker_does_all_that_waits(waiting: Dataset, team, tmp_path: Path) -> None:
    other = imports.request_import(team, None, write_zip(tmp_path / "b.zip", sound_frames(3)), "another")
    import_what_waits()
    assert set(Dataset.objects.values_list("pk", "state")) == {(waiting.pk, "READY"), (other.pk, "READY")}


def test_only_one_of_two_workers_gets_an_import(waiting: Dataset) -> None:
    same = Dataset.objects.get(pk=waiting.pk)
    assert Lease.claim(waiting) is not None
    assert Lease.claim(same) is None


def test_an_import_whose_worker_died_is_done_by_another_from_a_clean_start(waiting: Dataset) -> None:
    dead = Lease.claim(waiting)
    assert dead is not None
    dead.beat(frames_done=7, frames_total=20)
    import_what_waits()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.frames_done) == (Dataset.State.PRODUCING, 7), "its lease still holds"
    let_the_lease_expire(waiting)
    import_what_waits()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.frames_done, waiting.frames.count()) == (Dataset.State.READY, 20, 20)


def test_a_worker_that_slept_past_its_lease_changes_nothing_any_more(waiting: Dataset) -> None:
    late = Lease.claim(waiting)
    let_the_lease_expire(waiting)
    import_what_waits()
    producing.produce_held(waiting, late)
    assert (waiting.state, waiting.frames.count()) == (Dataset.State.READY, 20)
    assert storage.exists(waiting.shards.first().name)


def test_an_import_that_kills_its_worker_three_times_fails(waiting: Dataset, stored_files) -> None:
    for _ in range(3):
        assert Lease.claim(Dataset.objects.get(pk=waiting.pk)) is not None
        let_the_lease_expire(waiting)
    import_what_waits()
    waiting.refresh_from_db()
    assert waiting.state == Dataset.State.FAILED
    assert waiting.error.startswith("We tried 3 times and crashed each time")
    assert stored_files() == []


def test_a_dataset_that_is_deleted_during_its_import_leaves_no_file(waiting: Dataset, stored_files) -> None:
    lease = Lease.claim(waiting)

    def delete_it(done: int, total: int) -> None:
        if done == 5:
            deletion.delete_dataset(Dataset.objects.get(pk=waiting.pk))
            removals.remove_deleted()

    producing.produce_held(waiting, lease, delete_it)
    assert not Dataset.everything.exists()
    assert stored_files() == []


def test_the_row_shows_progress_and_renews_its_lease(waiting: Dataset) -> None:
    lease = Lease.claim(waiting)
    first = lease.until()
    lease.beat(frames_done=1, frames_total=20)
    lease.beat(frames_done=2)
    waiting.refresh_from_db()
    assert (waiting.frames_done, waiting.frames_total) == (1, 20), "the second beat came within half a second"
    assert waiting.import_lease_until == lease.until() >= first


def test_who_lost_the_lease_hears_of_it(waiting: Dataset) -> None:
    lease = Lease.claim(waiting)
    let_the_lease_expire(waiting)
    lease.write(frames_done=1)  # a machine that slept goes on where no other has taken over
    assert Lease.claim(Dataset.objects.get(pk=waiting.pk)) is not None
    with pytest.raises(LeaseLost):
        lease.write(frames_done=2)
    with pytest.raises(LeaseLost):
        lease.until()


def test_who_gave_it_back_holds_it_no_more_and_the_attempt_does_not_count(waiting: Dataset) -> None:
    lease = Lease.claim(waiting)
    lease.give_back()
    with pytest.raises(LeaseLost):
        lease.write(frames_done=1)
    _, again = import_leases.claim_next()
    assert again.attempt == lease.attempt


def test_the_rows_that_a_dead_import_left_go_and_are_seen_by_nobody(waiting: Dataset, member_client) -> None:
    dead = Lease.claim(waiting)
    left = Frame.objects.create(dataset=waiting, split="training", number=0, filename="dead.jpg", width=1, height=1)
    Shard.objects.create(dataset=waiting, split="training", number=0, frames=1, name="dead")
    assert "dead.jpg" not in member_client.get(f"/datasets/{waiting.pk}/").content.decode()
    assert member_client.get(f"/datasets/{waiting.pk}/frames/{left.pk}.jpg").status_code == 404
    let_the_lease_expire(waiting)
    import_what_waits()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.frames.count()) == (Dataset.State.READY, 20)
    assert not waiting.frames.filter(filename="dead.jpg").exists()
    with pytest.raises(LeaseLost), dead.transaction():
        pytest.fail("what is late is not written")


def test_an_import_that_fails_late_leaves_no_row(waiting: Dataset, monkeypatch, stored_files) -> None:
    def full(*args: object, **kwargs: object) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(Tally, "inspection", full)  # when every row is written
    producing.produce(waiting)
    assert (waiting.state, waiting.frames.count(), waiting.shards.count()) == (Dataset.State.FAILED, 0, 0)
    assert waiting.error.startswith("The server's disk is full.")
    assert stored_files() == []


def test_a_database_that_does_not_answer_costs_an_attempt_and_not_the_import(waiting: Dataset, monkeypatch) -> None:
    def locked(*args: object, **kwargs: object) -> None:
        raise OperationalError("database is locked")

    with monkeypatch.context() as patched:
        patched.setattr(Tally, "inspection", locked)
        producing.produce(waiting)
    assert waiting.state == Dataset.State.PRODUCING
    let_the_lease_expire(waiting)
    import_what_waits()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.frames.count()) == (Dataset.State.READY, 20)


def test_an_import_fails_when_its_work_folder_cannot_be_made(waiting: Dataset, settings, tmp_path: Path) -> None:
    settings.WORK_DIR = tmp_path / "file" / "work"
    (tmp_path / "file").write_bytes(b"no folder")
    producing.produce(waiting)
    assert waiting.state == Dataset.State.FAILED
    assert waiting.error.startswith("The server can't write to its work folder. Ask ")


def test_two_of_one_team_never_keep_another_team_waiting(waiting: Dataset, team, tmp_path: Path) -> None:
    for number in range(3):
        imports.request_import(team, None, write_zip(tmp_path / f"{number}.zip", sound_frames(2)), "one more")
    other = imports.request_import(TeamFactory(), None, write_zip(tmp_path / "o.zip", sound_frames(2)), "other")
    at_work, _ = import_leases.claim_next()
    then, _ = import_leases.claim_next()
    assert (at_work, then) == (waiting, other)
    assert import_leases.claim_next() is None


def test_the_team_that_imported_least_lately_goes_first(waiting: Dataset, team, tmp_path: Path) -> None:
    other = imports.request_import(TeamFactory(), None, write_zip(tmp_path / "o.zip", sound_frames(2)), "later")
    today, days_ago = timezone.now() - timedelta(hours=1), timezone.now() - timedelta(days=2)
    DatasetFactory(team=team, import_seconds=100, import_worked_at=today)
    DatasetFactory(team=other.team, import_seconds=101, import_worked_at=days_ago)
    assert list(import_leases.waiting()) == [other, waiting]
    DatasetFactory(team=other.team, import_seconds=101, import_worked_at=today, created=days_ago)
    assert list(import_leases.waiting()) == [waiting, other], "it waited for two days and was imported today"
    DatasetFactory(team=team, import_seconds=2, import_worked_at=today, deleted=timezone.now())
    assert list(import_leases.waiting()) == [other, waiting], "what was deleted took its time as well"


def test_an_upload_that_takes_long_keeps_its_lease(team, tmp_path: Path, monkeypatch) -> None:
    """While its pieces travel to a storage elsewhere, the row is not taken for one of a process that died."""
    seen = []

    def slow(name: str, source: Path, heartbeat=None) -> None:
        if heartbeat is None:  # the installation's own file, which is small
            return
        let_the_lease_expire(Dataset.objects.get())
        heartbeat()
        seen.extend(import_leases.waiting())

    monkeypatch.setattr(storage, "put", slow)
    imports.receive(team, None, write_zip(tmp_path / "set.zip", sound_frames(2)), "a set")
    assert seen == []


def test_a_database_that_is_busy_for_a_moment_costs_no_upload(team, tmp_path: Path, monkeypatch) -> None:
    """It would have to be sent again, from a slow network."""
    write, failures = Lease.write, [OperationalError("database is locked")]

    def busy_at_first(lease: Lease, **fields: object) -> None:
        if failures:
            raise failures.pop()
        write(lease, **fields)

    monkeypatch.setattr(Lease, "write", busy_at_first)
    monkeypatch.setattr("ftcml.core.lease.connection.close", lambda: None)  # the test's own transaction
    dataset, _ = imports.receive(team, None, write_zip(tmp_path / "set.zip", sound_frames(2)), "a set")
    assert (failures, storage.exists(dataset.archive_name)) == ([], True)


def test_an_upload_that_did_not_arrive_whole_fails_with_a_sentence(waiting: Dataset) -> None:
    storage.remove(waiting.archive_name)
    producing.produce(waiting)
    assert waiting.state == Dataset.State.FAILED
    assert "Its upload didn't finish" in waiting.error


def test_an_upload_that_is_still_arriving_is_not_imported(team, tmp_path: Path) -> None:
    dataset, _ = imports.receive(team, None, write_zip(tmp_path / "set.zip", sound_frames(3)), "a set")
    import_what_waits()
    dataset.refresh_from_db()
    assert dataset.state == Dataset.State.PRODUCING
