"""A backup is made while a job trains and removes old checkpoints. Elsewhere the job continues to its end."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection

from ftcml.accounts.models import User
from ftcml.backups import making, messages, places, restoring
from ftcml.backups.making import Made
from ftcml.backups.progress import Progress
from ftcml.core.files import storage
from ftcml.installation import identity
from tests.backups.empty_place import StoppedAt
from tests.factories import UserFactory
from tests.one_of_everything import SECRET
from tests.training import promises
from tests.training.scripted import ScriptedTrainer, completes, content, supervise
from training.models import TrainingJob
from training.states import JobState

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
SECONDS = 60


class Stops(Progress):
    """Waits where a test wants to do something in the middle of a backup: after it copied, and at its moment."""

    def __init__(self) -> None:
        super().__init__(lambda line: None)
        self._moments = 0
        self.reached, self.go_on = threading.Semaphore(0), threading.Semaphore(0)

    @contextmanager
    def stage(self, sentence: str, total: int, unit: str) -> Iterator[None]:
        self._moments += sentence == messages.COPYING_LAST
        if sentence == messages.COPYING_LAST and self._moments == 1:
            self._wait()
        yield
        if sentence == messages.COPYING_NEW:
            self._wait()

    def _wait(self) -> None:
        self.reached.release()
        assert self.go_on.acquire(timeout=SECONDS)


def in_a_thread(call: Callable[[], Made]) -> Made:
    try:
        return call()
    finally:
        connection.close()


@pytest.fixture
def backup_of_a_running_job(start, tmp_path: Path) -> Made:
    """Begun after step 100. Step 200 is published when all was copied, and removed again before the backup has it."""
    stops, made = Stops(), []

    def trains(trainer: ScriptedTrainer) -> Iterator[None]:
        with ThreadPoolExecutor(1) as other:
            for step in (100, 200, 300):
                trainer.is_at("training", step)
                yield
                trainer.saves(step)
                yield
                if step == 100:
                    backup = other.submit(in_a_thread, lambda: making.back_up(tmp_path / "backups", stops))
                else:
                    stops.go_on.release()
                if step < 300:
                    assert stops.reached.acquire(timeout=SECONDS)
            made.append(backup.result(SECONDS))

    job = start(training_steps=400)
    storage.put(job.datasets.get().label_map_name, ContentFile(b"labels"))
    supervise(job, trains)
    return made[0]


@pytest.fixture
def weights(settings, tmp_path: Path) -> None:
    """Starting weights that an operator installed."""
    settings.WEIGHTS_DIR = tmp_path / "weights"
    settings.WEIGHTS_DIR.mkdir()
    (settings.WEIGHTS_DIR / "everyday.npz").write_bytes(b"weights")


def test_a_job_that_was_under_way_ends_in_the_place_that_was_restored(
    model, weights, empty_place, request, capsys
) -> None:
    gone = UserFactory()
    UserFactory.create_batch(2)
    User.objects.order_by("-pk").first().delete()
    backup = request.getfixturevalue("backup_of_a_running_job")
    people = User.objects.count()
    everything = {name: content(name) for name in files_of(model)}

    folder = empty_place()
    with pytest.raises(KeyboardInterrupt):
        restoring.restore(backup.folder, StoppedAt(messages.READING_BACK))
    assert "belong to another database" in identity.problem(), "so nobody trains or removes anything there"
    assert "isn't finished" in places.unfinished()
    stored = (folder / "files" / model.model_name).stat().st_mtime_ns

    call_command("restore", str(backup.folder))

    assert (identity.problem(), places.unfinished()) == ("", "")
    assert (folder / "files" / model.model_name).stat().st_mtime_ns == stored, "it isn't stored again"
    said = capsys.readouterr().out
    assert "1 training was under way." in said
    assert "Integrity check: nothing is missing, and nothing contradicts itself." in said
    job = TrainingJob.objects.get(steps_requested=400)
    assert (job.state, job.steps_completed, job.deaths_in_a_row) == (JobState.QUEUED, 300, 0)
    assert content(f"{job.checkpoints.last().folder}/model.index") == b"weights of step 300"
    assert [path.name for path in (folder / "files").rglob("checkpoint*")] == ["checkpoint-000300"]
    assert {name: content(name) for name in files_of(model)} == everything
    assert (folder / "weights" / "everyday.npz").read_bytes() == b"weights"
    assert (User.objects.count(), Session.objects.count()) == (people, 0)
    assert UserFactory().pk > gone.pk + 2, "the number of a deleted person isn't given again"

    supervise(job, completes)
    assert (job.state, job.steps_completed) == (JobState.SUCCEEDED, 400)
    promises.every_change_is_recorded_and_allowed(job)
    promises.balances_are_exact()


def files_of(job: TrainingJob) -> list[str]:
    """Some files of that team: a model, a shard, the picture of a video."""
    dataset, frame = job.datasets.get(), job.team.videos.get(description=f"{SECRET} video").frames.first()
    names = [job.model_name, dataset.label_map_name, dataset.shards.first().name, frame.picture_name]
    assert not storage.missing(names)
    return names
