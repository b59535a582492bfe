"""What a team may store: bytes of all its files, the trash among them, and videos.

What comes in is counted by one update with the limit in its filter, so that two uploads at once can't pass it. Files
that come of it (frames, checkpoints, models) are counted when the team's files are measured: every hour, and soon after
a refusal.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest

from ftcml.accounts import messages
from ftcml.accounts.models import Team, TeamLimits
from ftcml.celery import wake
from ftcml.core import clock

MEASURE_TASK = "ftcml.console.tasks.measure_full_teams"
_BETWEEN_MEASUREMENTS = timedelta(minutes=1)


class StorageFull(Exception):
    """The team has no room left for something. str() is the sentence that says so."""


@dataclass(frozen=True)
class Use:
    """What a team has stored, and may. `limit`: None where there is none."""

    used: int
    limit: int | None


def take(team: Team, size: int = 0) -> None:
    """Count bytes that come in, if there is room for them. Raises StorageFull, and then nothing is counted.

    Call it outside a transaction, which a refusal would undo. With no bytes it only finds out whether the team may
    begin something that will need some.
    """
    if limit_of(team) is None:
        return
    TeamLimits.objects.get_or_create(team=team)
    most, after = settings.TEAM_MAX_STORAGE_BYTES, F("counted_bytes") + size
    fits = Q(storage_bytes__gte=after)
    fits |= Q(storage_bytes=None) if most is None else Q(storage_bytes=None, counted_bytes__lte=most - size)
    if TeamLimits.objects.filter(fits, team=team).update(counted_bytes=after):
        return
    _measure_soon(team)
    use = use_of(team)
    raise StorageFull(messages.storage_full(use.used, use.limit or 0, size))


def use_of(team: Team) -> Use:
    """Return what the team has stored and may store, in bytes."""
    row = TeamLimits.objects.filter(team=team).first() or TeamLimits(team=team)
    return Use(row.counted_bytes, settings.TEAM_MAX_STORAGE_BYTES if row.storage_bytes is None else row.storage_bytes)


def limit_of(team: Team) -> int | None:
    """Return how many bytes the team may store, None where there is no limit."""
    return use_of(team).limit


def videos_of(team: Team) -> int:
    """Return how many videos the team may have."""
    own = TeamLimits.objects.filter(team=team).values_list("videos", flat=True).first()
    return settings.TEAM_MAX_VIDEOS if own is None else own


def set_limits(team: Team, storage_bytes: int | None, videos: int | None) -> None:
    """Let the team store so much; None stands for the server's own limit."""
    TeamLimits.objects.update_or_create(team=team, defaults={"storage_bytes": storage_bytes, "videos": videos})


def counted(team: Team) -> int:
    """Return the bytes that are counted now, to give to `note_measured` after a measurement."""
    return use_of(team).used


def note_measured(team: Team, size: int, counted_before: int) -> None:
    """Count what was measured, and what came in since `counted_before` was read: it may not have been measured yet."""
    TeamLimits.objects.get_or_create(team=team)
    came = Greatest(F("counted_bytes") - counted_before, 0)
    TeamLimits.objects.filter(team=team).update(counted_bytes=came + size)


def to_measure() -> QuerySet[TeamLimits]:
    """Return the rows of teams that were refused something since they were measured."""
    return TeamLimits.objects.exclude(measure_asked=None).select_related("team")


def note_answered(team: Team, asked: datetime | None) -> None:
    """Note that the team was measured. One that has asked again meanwhile still waits."""
    TeamLimits.objects.filter(team=team, measure_asked=asked).update(measure_asked=None)


def _measure_soon(team: Team) -> None:
    """Have the team's files measured, for people delete something and try again."""
    now = clock.now()
    is_due = Q(measure_asked=None) | Q(measure_asked__lte=now - _BETWEEN_MEASUREMENTS)
    if TeamLimits.objects.filter(is_due, team=team).update(measure_asked=now):
        wake(MEASURE_TASK)
