"""A name for a new model that its team has not used."""

from itertools import count

from ftcml.accounts.models import Team
from ftcml.core.requests.parameters import longest
from training.models import TrainingJob


def unused_name(team: Team, wanted: str) -> str:
    """Return `wanted`, or "wanted 2", "wanted 3" and so on where that is taken; cut so that a model may have it."""
    most = longest(TrainingJob, "description")
    taken = {name.lower() for name in TrainingJob.objects.for_team(team).values_list("description", flat=True)}
    for number in count(1):
        ending = "" if number == 1 else f" {number}"
        name = wanted[: most - len(ending)].strip() + ending
        if name.lower() not in taken:
            return name
    raise AssertionError("there is always another number")
