"""What a team has stored and may store, for a page of the accounts, which know nothing of videos."""

from django import template

from ftcml.accounts.messages import bytes_in_words
from ftcml.accounts.models import Team
from ftcml.accounts.services import quota
from videos.services.receiving import rules

register = template.Library()
register.filter("size", bytes_in_words)


@register.simple_tag
def videos_of(team: Team) -> quota.Use:
    """Return how many videos the team has and may have."""
    return rules.videos_of(team)


@register.simple_tag
def storage_of(team: Team) -> quota.Use:
    """Return how many bytes the team has stored and may store."""
    return quota.use_of(team)
