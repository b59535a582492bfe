import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ftcml.accounts.models import Team
from tests.factories import TrainingJobFactory
from training.models import TrainingJob
from training.services.lineage import ancestors, children

pytestmark = pytest.mark.both_databases


@pytest.fixture
def line(team: Team) -> list[TrainingJob]:
    """Five models, each trained from the one before."""
    made: list[TrainingJob] = []
    for _ in range(5):
        made.append(TrainingJobFactory(team=team, parent=made[-1] if made else None))
    return made


def test_ancestors_come_in_the_order_of_training_by_one_query(line) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert ancestors(line[4]) == line[:4]
    assert len(queries) == 1
    assert ancestors(line[0]) == []


def test_children_are_those_trained_from_the_model_itself(team: Team, line) -> None:
    second = TrainingJobFactory(team=team, parent=line[1])
    assert children(line[1]) == [line[2], second]
    assert children(line[4]) == []
