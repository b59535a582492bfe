import uuid
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db.models import ProtectedError
from django.test import Client
from django.utils import timezone

from ftcml.accounts.models import LedgerEntry
from ftcml.celery import app
from ftcml.core.files import storage
from ftcml.core.trash.holders import holders
from ftcml.installation import identity, removals, tasks
from ftcml.installation.models import Installation, Removal
from tests.factories import DatasetFactory, TrainingJobFactory
from training.models import TrainingJob
from training.refusals import JobRefused
from training.services import jobs
from training.services.lineage import Deletion
from training.states import TERMINAL, JobState
from training.trash import moving

pytestmark = pytest.mark.both_databases

ALIVE = [state for state in JobState if state not in TERMINAL]


@pytest.fixture
def trained(team) -> TrainingJob:
    """A model with a file in the storage, and a folder on this machine."""
    job = TrainingJobFactory(team=team, state=JobState.SUCCEEDED)
    storage.put(f"{job.prefix}/model.tflite", ContentFile(b"a model"))
    (jobs.work_folder(job) / "attempt-000001").mkdir(parents=True)
    identity.check()
    return job


def test_a_deleted_job_is_gone_at_once_and_a_worker_removes_its_files(
    trained: TrainingJob, coach_client: Client, settings, stored_files, django_capture_on_commit_callbacks
) -> None:
    page, model, folder = f"/models/{trained.pk}/", f"{trained.prefix}/model.tflite", jobs.work_folder(trained)
    with django_capture_on_commit_callbacks(execute=True):
        jobs.delete(trained, "a member")
    assert coach_client.get(page).status_code == 404
    assert (storage.exists(model), folder.exists()) == (True, True), "no request waits for the storage"

    tasks.remove_deleted()

    assert (stored_files(), folder.exists(), removals.due().exists()) == ([], False, False)
    assert app.amqp.router.route({}, removals.TASK)["queue"].name == "sweeps"
    assert tasks.remove_deleted.name == removals.TASK


def test_no_file_is_removed_beside_a_database_that_is_not_theirs(trained: TrainingJob, stored_files) -> None:
    """As where a copy of the database is tried out, and its server is left on the bucket of the first."""
    before = stored_files()
    ours = Installation.objects.get().identity
    Installation.objects.update(identity=uuid.uuid4())
    jobs.delete(trained, "a member")
    tasks.remove_deleted()
    assert (stored_files(), jobs.work_folder(trained).exists()) == (before, True)

    Installation.objects.update(identity=ours)
    tasks.remove_deleted()
    assert stored_files() == []


def test_a_removal_that_was_cut_off_is_taken_up_by_the_sweep(trained: TrainingJob, stored_files, monkeypatch) -> None:
    def killed(prefix: str) -> None:
        raise KeyboardInterrupt

    jobs.delete(trained, "a member")
    with monkeypatch.context() as patched:
        patched.setattr(storage, "remove_tree", killed)
        with pytest.raises(KeyboardInterrupt):
            tasks.remove_deleted()
    tasks.remove_deleted()
    assert stored_files(), "the one that was cut off may still be at it"
    Removal.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    woken: list[str] = []
    monkeypatch.setattr(removals, "wake", woken.append)
    tasks.watch()
    assert woken == [removals.TASK]
    tasks.remove_deleted()
    assert stored_files() == []
    tasks.watch()
    assert woken == [removals.TASK]


def test_a_storage_that_hangs_keeps_one_worker(trained: TrainingJob, monkeypatch) -> None:
    """Each deletion sends a message, and other workers are for the sweeps."""
    asked: list[int] = []

    def hangs() -> bool:
        asked.append(1)
        if len(asked) == 1:
            tasks.remove_deleted()  # another message, which another thread takes meanwhile
        return True

    jobs.delete(trained, "a member")
    monkeypatch.setattr(identity, "work_must_wait", hangs)
    tasks.remove_deleted()
    assert (len(asked), removals.due().count()) == (1, 1)


def test_what_could_not_be_removed_stands_in_the_way_of_nothing_else(team, stored_files, monkeypatch) -> None:
    first, second = TrainingJobFactory.create_batch(2, team=team, state=JobState.SUCCEEDED)
    for job in (first, second):
        storage.put(f"{job.prefix}/model.tflite", ContentFile(b"a model"))
        jobs.delete(job, "a member")
    remove_tree = storage.remove_tree

    def broken_for_the_first(prefix: str) -> None:
        if prefix == first.prefix:
            raise PermissionError
        remove_tree(prefix)

    monkeypatch.setattr(storage, "remove_tree", broken_for_the_first)
    with pytest.raises(PermissionError):
        tasks.remove_deleted()
    Removal.objects.exclude(lease_until=None).update(lease_until=timezone.now() - timedelta(seconds=1))
    with pytest.raises(PermissionError):
        tasks.remove_deleted()
    assert [second.prefix in name for name in stored_files()] == [False]


def test_no_job_takes_the_id_of_one_whose_files_are_still_to_be_removed(start, coach, team) -> None:
    """As where the storage is away, and the form of the deleted job is sent again: the new files would be removed."""
    job = TrainingJobFactory(team=team, state=JobState.SUCCEEDED)
    job_id = job.pk
    jobs.delete(job, coach)
    with pytest.raises(JobRefused, match="Reload the page"):
        start(job_id=job_id)
    assert not TrainingJob.objects.exists()
    removals.remove_deleted()
    assert start(job_id=job_id).pk == job_id


def test_the_dataset_of_a_deleted_job_is_free_again(coach) -> None:
    job = TrainingJobFactory(state=JobState.SUCCEEDED)
    dataset = job.datasets.get()
    with pytest.raises(ProtectedError):
        dataset.delete()
    jobs.delete(job, coach)
    dataset.delete()


def test_the_ledger_remembers_a_deleted_job(start, coach) -> None:
    job = start()
    jobs.request_stop(job, coach)
    job_id = job.pk
    jobs.delete(job, coach)
    assert LedgerEntry.objects.filter(job_id=job_id).count() == 3


@pytest.mark.parametrize("state", sorted(ALIVE))
def test_a_live_job_must_be_stopped_first(state: JobState, coach) -> None:
    job = TrainingJobFactory(state=state)
    with pytest.raises(jobs.JobIsAlive, match="Stop it first"):
        jobs.delete(job, coach)
    assert TrainingJob.objects.exists()


def a_lineage(team) -> list[TrainingJob]:
    """A model, its child and its grandchild."""
    first = TrainingJobFactory(team=team, description="first", state=JobState.SUCCEEDED, steps_completed=400)
    second = TrainingJobFactory(
        team=team, description="second", state=JobState.STOPPED, parent=first, first_step=400, steps_completed=500
    )
    third = TrainingJobFactory(
        team=team, description="third", state=JobState.FAILED, parent=second, first_step=500, steps_completed=500
    )
    return [first, second, third]


def test_a_model_cannot_be_deleted_before_its_children(team, coach) -> None:
    first, second, third = a_lineage(team)
    TrainingJobFactory(team=team, description="another", state=JobState.CANCELED, parent=first, first_step=400)
    with pytest.raises(jobs.HasChildren, match="“another” and “second” were trained from “first”"):
        jobs.delete(first, coach)
    jobs.delete(third, coach)
    jobs.delete(second, coach)
    assert set(TrainingJob.objects.values_list("description", flat=True)) == {"first", "another"}


def test_a_whole_lineage_is_deleted_in_one_go(team, coach) -> None:
    assert moving.move_all(a_lineage(team), coach).refusals == []
    assert not TrainingJob.objects.exists()


def test_a_live_child_keeps_its_lineage(team, coach) -> None:
    lineage = a_lineage(team)
    TrainingJob.objects.filter(description="third").update(state=JobState.RUNNING)
    chosen = list(TrainingJob.objects.all())

    said_before = Deletion.of(chosen)
    refusals = moving.move_all(chosen, coach).refusals

    assert said_before.possible == []
    assert said_before.refusals == refusals
    assert [sentence.split(". ")[0] for sentence in refusals] == [
        "“third” is still RUNNING",
        "“third” was trained from “second”",
        "“second” was trained from “first”",
    ]
    assert TrainingJob.objects.count() == len(lineage)


def test_what_can_be_deleted_is_said_before(team) -> None:
    first, second, third = a_lineage(team)
    assert Deletion.of([first, third]) == Deletion([third], [said_of(first, "second")])
    assert Deletion.of([first, second, third]) == Deletion([third, second, first], [])


def said_of(job: TrainingJob, children: str) -> str:
    return f"“{children}” was trained from “{job}”. Delete it first, or select it as well."


def test_what_holds_a_dataset_is_said_before(team) -> None:
    used, free = DatasetFactory(team=team), DatasetFactory(team=team)
    for description in ("second try", "first try", "first try"):
        TrainingJobFactory(team=team, dataset=used, description=description)
    assert holders([used, free]) == {used.pk: ["first try", "second try"]}
