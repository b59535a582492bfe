import pytest

from tests.factories import DatasetFactory
from training.models import TrainingJob
from training.services import jobs
from training.services.starting.choices import TrainingChoices

# Its asserts are the tests' own, and tell as much.
pytest.register_assert_rewrite("tests.training.promises")


@pytest.fixture
def start(team, coach, training_worker):
    """Start a job the way the pages do: `start(training_steps=300)`, each value with a usual default."""

    def start(team=team, user=coach, job_id=None, **choices) -> TrainingJob:
        usual = {
            "datasets": [] if "datasets" in choices else [DatasetFactory(team=team)],
            "training_steps": 300,
            "max_minutes": 10,
            "description": "finds raccoons",
        }
        return jobs.start(team, user, TrainingChoices(**{**usual, **choices}), job_id)

    return start
