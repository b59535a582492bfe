"""The time that decides: leases, signs of life and sweeps are compared by the one clock that all machines share."""

from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models import Q
from django.utils import timezone


def now() -> datetime:
    """The time of day by the clock of the database's machine.

    SQLite has no machine of its own: there it is this one's.
    """
    if connection.vendor == "sqlite":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (moment,) = cursor.fetchone()
    return moment.astimezone(UTC)


def in_force(field: str, moment: datetime, longest: timedelta) -> Q:
    """The rows whose lease, which ends at the time in `field`, has not run out at `moment`.

    No lease is longer than `longest`: one that ends later was given before the clock was set back, and its holder,
    where it lives, has renewed it since.
    """
    return Q(**{f"{field}__range": (moment, moment + longest)})
