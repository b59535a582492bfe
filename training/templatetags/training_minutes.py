from django import template

from ftcml.accounts.models import Team
from training.services.starting.minutes import TeamMinutes, minutes_of

register = template.Library()


@register.inclusion_tag("training/parts/minutes.html")
def training_minutes(team: Team) -> dict[str, TeamMinutes]:
    """Say how many minutes the team has left, and which trainings hold some."""
    return {"minutes": minutes_of(team)}
