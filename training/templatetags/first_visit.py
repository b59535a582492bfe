"""The first steps of a team that has no model yet: they stand on both tabs, and only training knows of models."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.db.models import Exists

from datasets.models import Dataset
from ftcml.accounts.models import Team
from ftcml.accounts.pages.tabs import has_looked
from training.models import ModelFile, TrainingJob

register = template.Library()


@dataclass(frozen=True)
class Steps:
    """Which of the first steps are done."""

    has_dataset: bool
    has_sample: bool
    has_looked: bool
    has_trained: bool

    @classmethod
    def of(cls, team: Team, has_looked: bool) -> "Steps | None":
        """The steps of a team that has no model yet; None for any other."""
        datasets = Dataset.objects.for_team(team).exclude(state=Dataset.State.FAILED)
        has_model, has_dataset, has_sample, has_trained = Team.objects.values_list(
            Exists(ModelFile.objects.filter(job__team=team)),
            Exists(datasets.filter(state=Dataset.State.READY)),
            Exists(datasets.filter(is_sample=True)),
            Exists(TrainingJob.objects.for_team(team)),
        ).get(pk=team.pk)
        return None if has_model else cls(has_dataset, has_sample, has_looked, has_trained)


@register.inclusion_tag("datasets/parts/first_visit.html", takes_context=True)
def first_visit(context: template.Context, place: str) -> dict[str, Any]:
    """Say what to do until the team has a model, and nothing from then on.

    Args:
        place: "datasets" or "models", on a tab that has nothing else yet; "small" above a list.
    """
    request = context["request"]
    return {"steps": Steps.of(request.team, has_looked(request)), "place": place}
