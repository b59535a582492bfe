"""What several pages about training start from."""

import pytest

from datasets.models import Dataset
from ftcml.accounts.models import Team
from tests.factories import DatasetFactory, counts


@pytest.fixture
def cones(team: Team) -> Dataset:
    return DatasetFactory(
        team=team, description="cones", labels=["cone"], counts=counts(training=1300, evaluation=325, labels=("cone",))
    )
