"""The time that decides: leases, signs of life and sweeps are compared by the one clock that all machines share."""

from datetime import UTC, datetime

from django.db import connection
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
