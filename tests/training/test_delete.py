import pytest
from django.db.models import ProtectedError

from datasets import production
from ftcml import storage
from ftcml.accounts.models import LedgerEntry
from ftcml.installation import removals
from tests.factories import DatasetFactory, TrainingJobFactory
from training import jobs
from training.jobs import JobRefused
from training.lineage import Deletion
from training.models import TrainingJob
from training.states import TERMINAL, JobState

pytestmark = pytest.mark.both_databases

ALIVE = [state for state in JobState if state not in TERMINAL]


def test_an_ended_job_goes_with_its_files(coach, tmp_path, django_capture_on_commit_callbacks) -> None:
    job = TrainingJobFactory(state=JobState.SUCCEEDED)
    model = tmp_path / "model.tflite"
    model.write_bytes(b"a model")
    storage.put(f"{job.prefix}/model.tflite", model)
    jobs.work_folder(job).mkdir(parents=True)
    stored, folder = f"{job.prefix}/model.tflite", jobs.work_folder(job)

    with django_capture_on_commit_callbacks(execute=True):
        jobs.delete(job, coach)

    assert not TrainingJob.objects.exists()
    assert not storage.exists(stored)
    assert not folder.exists()


def test_no_job_takes_the_id_of_one_whose_files_are_still_to_be_removed(start, coach, team) -> None:
    """As where the storage is away, and the form of the deleted job is sent again: the new files would be removed."""
    job = TrainingJobFactory(team=team, state=JobState.SUCCEEDED)
    job_id = job.pk
    jobs.delete(job, coach)  # the test's transaction is never committed, and so nothing is removed here
    with pytest.raises(JobRefused, match="Reload the page"):
        start(job_id=job_id)
    assert not TrainingJob.objects.exists()
    removals.go_on()
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
    with pytest.raises(jobs.HasChildren, match="“first” was trained more as “another” and “second”"):
        jobs.delete(first, coach)
    jobs.delete(third, coach)
    jobs.delete(second, coach)
    assert set(TrainingJob.objects.values_list("description", flat=True)) == {"first", "another"}


def test_a_whole_lineage_is_deleted_in_one_go(team, coach) -> None:
    assert jobs.delete_all(a_lineage(team), coach) == []
    assert not TrainingJob.objects.exists()


def test_a_live_child_keeps_its_lineage(team, coach) -> None:
    lineage = a_lineage(team)
    TrainingJob.objects.filter(description="third").update(state=JobState.RUNNING)
    chosen = list(TrainingJob.objects.all())

    said_before = Deletion.of(chosen)
    refusals = jobs.delete_all(chosen, coach)

    assert said_before.possible == []
    assert said_before.refusals == refusals
    assert [sentence.split(". ")[0] for sentence in refusals] == [
        "The model “third” is still RUNNING",
        "The model “second” was trained more as “third”",
        "The model “first” was trained more as “second”",
    ]
    assert TrainingJob.objects.count() == len(lineage)


def test_what_can_be_deleted_is_said_before(team) -> None:
    first, second, third = a_lineage(team)
    assert Deletion.of([first, third]) == Deletion([third], [said_of(first, "second")])
    assert Deletion.of([first, second, third]) == Deletion([third, second, first], [])


def said_of(job: TrainingJob, children: str) -> str:
    return f"The model “{job}” was trained more as “{children}”. Delete that first, or tick it as well."


def test_what_holds_a_dataset_is_said_before(team) -> None:
    used, free = DatasetFactory(team=team), DatasetFactory(team=team)
    for description in ("second try", "first try", "first try"):
        TrainingJobFactory(team=team, dataset=used, description=description)
    assert production.holders([used, free]) == {used.pk: ["first try", "second try"]}
