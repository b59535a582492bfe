"""An import that takes too long or too much costs itself, and nothing else: it runs in a process of its own."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from django.db import connection
from django.utils import timezone

from bench.server.client import wait_until
from datasets.importing import import_leases, import_process
from datasets.models import Dataset
from datasets.reasons import Code
from datasets.services import deletion, imports
from ftcml.core.work import watched_child
from machine.children import Child
from tests.datasets.archives import sound_frames, write_zip

# Children see what is committed.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

SECONDS = 60
NAPPER = (sys.executable, "-c", "import signal; signal.pause()")
_OF_OTHERS: set[int] = set()
BUSY = (sys.executable, "-c", "while True: pass")


@pytest.fixture(autouse=True)
def _children_of_this_test(children_see_this_test: None, monkeypatch) -> None:
    monkeypatch.setattr(watched_child, "stopping", threading.Event())


@pytest.fixture(autouse=True)
def _the_children_of_others() -> None:
    """This process may have some already, as a browser that other tests share."""
    _OF_OTHERS.clear()
    _OF_OTHERS.update(child.pid for child in psutil.Process().children())


def children() -> list[psutil.Process]:
    """The children of this test."""
    return [child for child in psutil.Process().children() if child.pid not in _OF_OTHERS]


@pytest.fixture
def waiting(team, tmp_path: Path) -> Dataset:
    return imports.request_import(team, None, write_zip(tmp_path / "set.zip", sound_frames(20)), "a set")


def import_apart() -> Dataset:
    """Do the one import that waits, as a worker does, and return the dataset as it ended."""
    dataset, lease = import_leases.claim_next()
    import_process.produce_in_child(dataset, lease)
    return Dataset.everything.get(pk=dataset.pk)


def meanwhile(change: Callable[[], object]) -> threading.Thread:
    """Make a change in a thread as soon as the child of this process runs."""

    def when_it_runs() -> None:
        wait_until(children, bool, SECONDS)
        change()
        connection.close()

    thread = threading.Thread(target=when_it_runs)
    thread.start()
    return thread


def test_an_import_in_a_child_ends_as_one_in_this_process(waiting: Dataset, stored_files) -> None:
    dataset = import_apart()
    assert (dataset.state, dataset.frames.count(), dataset.error) == (Dataset.State.READY, 20, "")
    assert not any("upload.zip" in name or "work" in name for name in stored_files())


def test_the_time_that_an_import_takes_counts_when_it_was_taken(waiting: Dataset, team, monkeypatch) -> None:
    """Not when the set was uploaded, which may have waited for days."""
    Dataset.objects.update(created=timezone.now() - timedelta(days=2))
    monkeypatch.setattr(Child, "seconds", 30.0)
    dataset = import_apart()
    assert dataset.import_seconds == 30
    assert timezone.now() - dataset.import_worked_at < timedelta(hours=1)


def test_a_refusal_of_the_child_is_the_refusal(team, tmp_path: Path) -> None:
    imports.request_import(team, None, write_zip(tmp_path / "set.zip", {"readme.txt": b"no pictures"}), "a set")
    dataset = import_apart()
    assert dataset.state == Dataset.State.FAILED
    assert dataset.reason_code == Code.NOTHING_UNDERSTOOD
    assert dataset.reason_params == {"kinds": [[".txt", 1]], "more": 0}


@pytest.mark.parametrize(
    ("limit", "command", "sentence"),
    [
        ("IMPORT_MAX_PROCESSOR_SECONDS", BUSY, "We stopped after 0 minutes"),
        ("IMPORT_MAX_SECONDS", NAPPER, "We stopped after 0 minutes"),
        ("IMPORT_MAX_STEP_SECONDS", BUSY, "One file took over 0 minutes"),
        ("IMPORT_MAX_MEMORY_BYTES", NAPPER, "This dataset needs more than 0.0 GB of memory"),
    ],
)
def test_an_import_over_a_limit_fails_with_a_sentence(
    waiting: Dataset, settings, monkeypatch, limit: str, command: tuple[str, ...], sentence: str, stored_files
) -> None:
    setattr(settings, limit, 1)
    monkeypatch.setattr(import_process, "COMMAND", command)
    dataset = import_apart()
    assert dataset.state == Dataset.State.FAILED
    assert dataset.error.startswith(sentence)
    assert children() == []
    assert stored_files() == []


def test_a_child_that_dies_has_its_import_tried_again_three_times(waiting: Dataset, monkeypatch) -> None:
    monkeypatch.setattr(import_process, "COMMAND", (sys.executable, "-c", "import os; os.kill(os.getpid(), 11)"))
    for attempt in (1, 2, 3):
        dataset = import_apart()
        assert (dataset.state, dataset.import_attempts) == (Dataset.State.PRODUCING, attempt)
    assert import_apart().error.startswith("We tried 3 times and crashed each time.")


def test_the_import_of_a_dataset_that_is_deleted_is_ended(waiting: Dataset, monkeypatch) -> None:
    monkeypatch.setattr(import_process, "COMMAND", NAPPER)
    deleting = meanwhile(lambda: deletion.delete_dataset(waiting))
    assert import_apart().deleted
    deleting.join()
    assert children() == []


def test_a_worker_that_is_shut_down_gives_its_import_back(waiting: Dataset, monkeypatch) -> None:
    monkeypatch.setattr(import_process, "COMMAND", NAPPER)
    end = meanwhile(watched_child.stop)
    dataset = import_apart()
    end.join()
    assert (dataset.state, dataset.import_lease_until, dataset.import_attempts) == (Dataset.State.PRODUCING, None, 0)
    assert children() == []


def test_this_process_keeps_the_lease_while_the_child_is_silent(waiting: Dataset, settings, monkeypatch) -> None:
    settings.LEASE_SECONDS = 4
    monkeypatch.setattr(import_process, "COMMAND", NAPPER)
    monkeypatch.setattr(watched_child, "SECONDS_BETWEEN_LOOKS_AT_THE_ROW", 0.2)
    seen = []

    def end_once_it_was_renewed() -> None:
        first = Dataset.objects.get().import_lease_until
        seen.append(wait_until(lambda: Dataset.objects.get().import_lease_until, lambda now: now > first, SECONDS))
        watched_child.stop()

    end = meanwhile(end_once_it_was_renewed)
    import_apart()
    end.join()
    assert len(seen) == 1


def test_the_progress_of_the_child_is_told_as_its_row_shows_it(waiting: Dataset, monkeypatch) -> None:
    monkeypatch.setattr(import_process, "COMMAND", NAPPER)
    monkeypatch.setattr(watched_child, "SECONDS_BETWEEN_LOOKS_AT_THE_ROW", 0.0)
    dataset, lease = import_leases.claim_next()
    Dataset.objects.update(frames_done=7, frames_total=20)
    seen: list[tuple[int, int]] = []

    def see(done: int, of: int) -> None:
        seen.append((done, of))
        watched_child.stop()

    import_process.produce_in_child(dataset, lease, see)
    assert seen == [(7, 20)]


def test_a_child_ends_with_the_worker_that_is_killed(waiting: Dataset, monkeypatch, tmp_path: Path) -> None:
    """A worker that was killed is seen by the lease, which runs out; no child goes on in its place."""
    child = psutil.Popen(
        [*import_process.COMMAND, str(waiting.pk), "1", "1"], cwd=os.getcwd()
    )  # 1: not the parent's number
    assert child.wait(SECONDS) not in (0, -signal.SIGKILL)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.frames_done) == (Dataset.State.PRODUCING, 0)
