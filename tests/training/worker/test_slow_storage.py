"""Files that travel for longer than a lease lasts cost no job its worker, and who has lost the job stores no more."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import pairwise
from threading import Event, Thread

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.db.models import F

from datasets.models import Dataset
from ftcml.core.files import storage
from ftcml.core.files.storage import StorageAway
from tests.datasets.archives import sound_frames
from tests.datasets.conftest import import_zip
from tests.servers.s3_server import S3Bucket, bucket, s3_server, slowed
from tests.training.scripted import ScriptedClock, ScriptedTrainer, completes, dies_after, supervise
from training.models import TrainingJob
from training.states import JobState
from training.worker import job_leases
from training.worker.results import publishing
from training.worker.supervisor import Supervisor

__all__ = ["bucket", "import_zip", "s3_server"]

SECONDS = 60.0  # more than any of these events needs
A_FILE_TAKES = 40.0  # so three take longer than a lease lasts

Passes = Callable[[float], None]
Slow = Callable[[Passes], AbstractContextManager[None]]


@contextmanager
def slow_server(passes: Passes) -> Iterator[None]:
    """A bucket behind a slow network."""
    with slowed(lambda method, path: passes(A_FILE_TAKES) if "/jobs/" in path and method == "PUT" else None):
        yield


@contextmanager
def slow_disk(passes: Passes) -> Iterator[None]:
    """A folder on a drive that writes slowly: each file, and the list of names that it is in."""
    fsync = os.fsync

    def slowly(descriptor: int) -> None:
        passes(A_FILE_TAKES / 2)
        fsync(descriptor)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", slowly)
        yield


@pytest.fixture(params=[slow_disk, slow_server], ids=["folder", "bucket"])
def slow(request: pytest.FixtureRequest) -> Slow:
    if request.param is slow_server:
        request.getfixturevalue("bucket")
    return request.param


@pytest.fixture
def dataset(slow: Slow, import_zip) -> Dataset:
    return import_zip(sound_frames(5))


class ClockOfAttempt:
    """Makes the clock of the next attempt, and lets its time pass."""

    def __call__(self, trainer: ScriptedTrainer) -> ScriptedClock:
        self.clock = ScriptedClock(trainer)
        self.began = self.clock.now().timestamp()
        return self.clock

    def passes(self, seconds: float) -> None:
        self.clock.passes(seconds)

    def longest_pause(self, renewals: list[float]) -> float:
        """The longest time without a renewal, from the claim to the end."""
        times = [self.began, *renewals, self.clock.now().timestamp()]
        return max(later - earlier for earlier, later in pairwise(times))


@pytest.fixture
def renewals(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """When the lease was renewed, by the script's clock."""
    times: list[float] = []
    renew = job_leases.renew

    def noted(job: TrainingJob, now, **fields: object) -> None:
        times.append(now.timestamp())
        renew(job, now, **fields)

    monkeypatch.setattr(job_leases, "renew", noted)
    return times


def saves_five_files(trainer: ScriptedTrainer) -> Iterator[None]:
    trainer.is_at("training", 100)
    yield
    trainer.saves(100)
    for number in range(4):
        (trainer.folder / "checkpoint-000100" / f"model.data-{number}").write_text("more weights")
    yield


def saves_and_exports_five_files_each(trainer: ScriptedTrainer) -> Iterator[None]:
    yield from saves_five_files(trainer)
    trainer.exports("int8")
    (trainer.folder / "model-newest.tflite").write_text("the newest model")
    trainer.ends("completed", 100)


def test_files_are_stored_for_longer_than_a_lease_lasts(dataset: Dataset, start, slow: Slow, renewals) -> None:
    job, time = start(datasets=[dataset], training_steps=100), ClockOfAttempt()
    with slow(time.passes):
        supervise(job, saves_and_exports_five_files_each, clocks=time)
    assert (job.state, job.deaths_in_a_row, job.model_files.count()) == (JobState.SUCCEEDED, 0, 5)
    assert renewals[-1] - renewals[0] > 5 * A_FILE_TAKES
    assert time.longest_pause(renewals) < settings.LEASE_SECONDS


def test_an_export_is_stored_for_longer_than_a_lease_lasts(dataset: Dataset, start, slow: Slow, renewals) -> None:
    def exports(trainer: ScriptedTrainer) -> Iterator[None]:
        trainer.exports("int8")
        trainer.ends("completed", 100)
        yield

    job, time = start(datasets=[dataset], training_steps=100), ClockOfAttempt()
    supervise(job, dies_after(100))
    TrainingJob.objects.update(state=JobState.STOPPED, deaths_in_a_row=0)
    renewals.clear()
    trainer = ScriptedTrainer(exports)
    with slow(time.passes):
        Supervisor(job_leases.claim_export("worker-1"), trainer, Event(), time(trainer)).run()
    job.refresh_from_db()
    assert (job.model_files.count(), job.deaths_in_a_row) == (4, 0)
    assert time.longest_pause(renewals) < settings.LEASE_SECONDS


def test_a_checkpoint_is_fetched_for_longer_than_a_lease_lasts(bucket: S3Bucket, import_zip, start, renewals) -> None:
    job, time = start(datasets=[import_zip(sound_frames(5))], training_steps=200), ClockOfAttempt()
    supervise(job, saves_five_files)
    renewals.clear()
    with slowed(lambda method, path: time.passes(A_FILE_TAKES) if "/checkpoint-" in path else None):
        supervise(job, completes, clocks=time)
    assert (job.state, job.deaths_in_a_row) == (JobState.SUCCEEDED, 0)
    assert time.longest_pause(renewals) < settings.LEASE_SECONDS


def test_what_fails_after_a_long_transfer_is_tried_again(start, monkeypatch) -> None:
    publish, time, failures = publishing.publish_new, ClockOfAttempt(), [StorageAway()]

    def breaks_off_once(*given: object) -> None:
        if failures:
            time.passes(2 * settings.LEASE_SECONDS)
            raise failures.pop()
        publish(*given)

    monkeypatch.setattr(publishing, "publish_new", breaks_off_once)
    job = start(training_steps=100)
    supervise(job, completes, clocks=time)
    assert (job.state, job.deaths_in_a_row, failures) == (JobState.SUCCEEDED, 0, [])


def test_a_database_that_is_busy_for_a_moment_has_nothing_stored_twice(bucket: S3Bucket, import_zip, start) -> None:
    job, time = start(datasets=[import_zip(sound_frames(5))], training_steps=100), ClockOfAttempt()
    renew, failures, stored = job_leases.renew, [], Counter()

    def busy_at_the_first_heartbeat(job: TrainingJob, now, **fields: object) -> None:
        if stored and not fields and not failures:  # a turn writes fields as well
            failures.append(OperationalError("database is locked"))
            raise failures[0]
        renew(job, now, **fields)

    def noted(method: str, path: str) -> None:
        if method == "PUT" and "/jobs/" in path:
            stored[path] += 1
            time.passes(A_FILE_TAKES)

    with pytest.MonkeyPatch.context() as patch, slowed(noted):
        patch.setattr(job_leases, "renew", busy_at_the_first_heartbeat)
        patch.setattr("ftcml.core.lease.connection.close", lambda: None)  # the test's own transaction
        supervise(job, saves_and_exports_five_files_each, clocks=time)
    assert (job.state, len(failures), len(stored), set(stored.values())) == (JobState.SUCCEEDED, 1, 10, {1})


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("stored", ["checkpoint-000100/model.data-1", "model-float16.tflite"])
def test_a_worker_that_loses_its_job_while_it_stores_stores_no_more(
    bucket: S3Bucket, import_zip, start, stored: str
) -> None:
    job, time = start(datasets=[import_zip(sound_frames(5))], training_steps=100), ClockOfAttempt()
    asked, taken = Event(), Event()
    later: list[str] = []

    def wait_until_it_is_taken(method: str, path: str) -> None:
        if method == "PUT" and taken.is_set():
            later.append(path)
        if method == "PUT" and stored in path:
            asked.set()
            assert taken.wait(SECONDS)
            time.passes(A_FILE_TAKES)

    def take_it() -> None:
        if asked.wait(SECONDS):
            TrainingJob.objects.update(lease_number=F("lease_number") + 1, lease_owner="worker-2")
        connection.close()
        taken.set()

    another = Thread(target=take_it)
    another.start()
    with slowed(wait_until_it_is_taken):
        supervise(job, saves_and_exports_five_files_each, clocks=time)
    another.join()
    job.refresh_from_db()
    assert (job.lease_owner, later) == ("worker-2", [])
    assert storage.missing(job.stored_names()) == []
    assert not any("tflite" in name or stored in name for name in bucket.objects())
