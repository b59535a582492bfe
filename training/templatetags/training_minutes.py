from django import template
from django.template import loader
from django.utils.safestring import SafeString

from ftcml.accounts.models import Team
from training.services.starting.minutes import minutes_of

register = template.Library()


@register.simple_tag
def training_minutes(team: Team) -> SafeString:
    """Say how many minutes the team has left, and which trainings hold some. A full stop may follow."""
    words = loader.render_to_string("training/parts/minutes.html", {"minutes": minutes_of(team)})
    return SafeString(words.strip())
