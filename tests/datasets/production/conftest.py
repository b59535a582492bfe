"""Videos to produce datasets from."""

from collections.abc import Callable
from functools import partial

import pytest

from ftcml.accounts.models import Team
from tests.datasets.filming import film
from videos.models import Video

Filmed = Callable[..., Video]


@pytest.fixture
def filmed(team: Team) -> Filmed:
    """Makes a READY video of the team: see film."""
    return partial(film, team)
