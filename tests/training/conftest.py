import pytest

from detector.contract import catalog
from tests.factories import DatasetFactory
from training.models import TrainingJob
from training.services import jobs

# Its asserts are the tests' own, and tell as much.
pytest.register_assert_rewrite("tests.training.promises")


@pytest.fixture
def start(team, coach, training_worker):
    """Start a job the way the pages do: `start(training_steps=300)`, each value with a usual default."""

    def start(**choices) -> TrainingJob:
        usual = {
            "team": team,
            "user": coach,
            "datasets": [] if "datasets" in choices else [DatasetFactory(team=team)],
            "starting_model": catalog.DEFAULT,
            "training_steps": 300,
            "max_minutes": 10,
            "description": "finds raccoons",
        }
        return jobs.start(**{**usual, **choices})

    return start
