"""The access log. One insert a time, so that it slows no page; who acts is who the logs say is asking."""

import logging
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import QuerySet

from ftcml.audit.models import AccessEntry
from ftcml.core import clock
from ftcml.core.logging import logs
from ftcml.core.work.row_removal import remove_some_at_a_time

log = logging.getLogger(__name__)

Kind, Thing = AccessEntry.Kind, AccessEntry.Thing
_LONGEST = 200


def record(
    kind: AccessEntry.Kind,
    team_id: int | None,
    subject: str = "",
    thing: AccessEntry.Thing = Thing.NONE,
    person_id: int | None = None,
    other_id: int | None = None,
) -> None:
    """Write down what was done, in the transaction of what was done.

    Args:
        team_id: the team in whose log it is.
        subject: what it was done to, in the words of the page.
        thing: what kind of thing that is.
        person_id: who did it, where it isn't who asks: at a sign-in nobody asks yet.
        other_id: to whom it was done.
    """
    who = person_id or logs.who()
    AccessEntry.objects.create(
        kind=kind,
        team_id=team_id,
        person_id=who,
        by_server=who is None,
        other_id=other_id,
        thing=thing,
        subject=subject[:_LONGEST],
    )


def record_of_person(person_id: int, done: Iterable[tuple[AccessEntry.Kind, int, str]]) -> None:
    """Write down what a sign-in did to who signs in, each (kind, team, role), in one insert."""
    entries = [
        AccessEntry(kind=kind, team_id=team_id, person_id=person_id, other_id=person_id, subject=role)
        for kind, team_id, role in done
    ]
    AccessEntry.objects.bulk_create(entries)


def note(kind: AccessEntry.Kind, team_id: int | None, subject: str = "", thing: AccessEntry.Thing = Thing.NONE) -> None:
    """Write down what somebody looks at. A full disk or a busy database keeps nobody from what they may see."""
    try:
        with transaction.atomic():
            record(kind, team_id, subject, thing)
    except DatabaseError:
        log.exception("the access log lacks a line: %s for team %s", kind, team_id)


def of_team(team_id: int) -> QuerySet[AccessEntry]:
    """Return what happened in a team, newest first."""
    return AccessEntry.objects.filter(team=team_id).select_related("person", "other")


def of_all(program_number: int | None = None) -> QuerySet[AccessEntry]:
    """Return what happened on the server, newest first; of the teams with that number where one is given."""
    entries = AccessEntry.objects.select_related("person", "other", "team")
    return entries if program_number is None else entries.filter(team__number=program_number)


def kept_days() -> int:
    """Return for how many days the log is kept."""
    return settings.ACCESS_LOG_DAYS


def forget_old() -> None:
    """Remove what is older than the log is kept."""
    limit = clock.now() - timedelta(days=kept_days())
    remove_some_at_a_time(AccessEntry.objects.filter(at__lt=limit))


def forget_names(**whose: Any) -> None:
    """Empty the names of things in these entries, which are of a team or a person that is erased."""
    AccessEntry.objects.filter(**whose).exclude(subject="").update(subject="")
