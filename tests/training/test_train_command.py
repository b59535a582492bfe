import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from ftcml.core.files import storage
from tests.factories import DatasetFactory, TeamFactory, add_model
from tests.training.scripted import OBEDIENT
from training.models import TrainingJob
from training.services import registry
from training.states import JobState


@pytest.fixture(autouse=True)
def _quick_trainer(monkeypatch) -> None:
    monkeypatch.setattr("training.worker.training_worker.COMMAND", OBEDIENT)


def train(*datasets, team: int = 7001, **choices) -> None:
    usual = {"team": team, "steps": 200, "max_minutes": 5, "description": "finds raccoons"}
    call_command("train", dataset=[str(dataset.pk) for dataset in datasets], **{**usual, **choices})


def test_without_a_worker_the_job_is_trained_here_and_now(team, capsys) -> None:
    train(DatasetFactory(team=team))

    job = TrainingJob.objects.get()
    assert (job.state, job.steps_completed) == (JobState.SUCCEEDED, 200)
    said = capsys.readouterr().out
    assert "SUCCEEDED after 200 of 200 steps" in said
    assert "AP@.50 on the evaluation frames: 0.90" in said
    assert "attempt-000001/model-float32.tflite" in said


def test_a_job_of_a_live_worker_is_followed_to_its_end(team, monkeypatch, capsys) -> None:
    registry.report("worker-1", "cpu", 1)
    storage.put("there/model.tflite", ContentFile(b"a model"))

    def the_worker_trains_it(seconds: float) -> None:
        TrainingJob.objects.update(state=JobState.SUCCEEDED, steps_completed=200)
        add_model(TrainingJob.objects.get(), name="there/model.tflite")

    monkeypatch.setattr("training.management.commands.train.time.sleep", the_worker_trains_it)
    train(DatasetFactory(team=team))
    assert "SUCCEEDED" in capsys.readouterr().out
    assert TrainingJob.objects.get().lease_number == 0


def test_a_job_without_a_model_is_an_error_with_its_reason(team) -> None:
    with pytest.raises(CommandError, match=r"FAILED after 0 of 200 steps.*was killed"):
        train(DatasetFactory(team=team), description="doomed")


def test_a_broken_installation_costs_no_minutes(team, monkeypatch) -> None:
    monkeypatch.setattr("training.worker.training_worker.COMMAND", ("false",))
    with pytest.raises(CommandError, match="doesn't start"):
        train(DatasetFactory(team=team))
    assert TrainingJob.objects.get().state == JobState.CANCELED


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"steps": 49}, "Choose 50 to 20,000"),
        ({"team": 404}, "no FTC team 404"),
        ({"starting_model": "YOLO"}, "no starting model"),
    ],
)
def test_a_refusal_is_the_same_sentence_as_in_the_pages(team, choices, sentence) -> None:
    with pytest.raises(CommandError, match=sentence):
        train(DatasetFactory(team=team), **choices)


def test_another_teams_dataset_is_refused(team) -> None:
    with pytest.raises(CommandError, match="Team 7001 doesn't have all of these datasets"):
        train(DatasetFactory(team=TeamFactory()))
