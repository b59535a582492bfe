"""A machine whose clock is not the database's."""

from datetime import datetime, timedelta, tzinfo

import pytest
from django.db import connection
from django.utils import timezone


def set_wrong(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    """Set this machine's clock, as Django reads it, ahead of the database's by so much, or behind it."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite is on the machine of all who use it")

    class WrongClock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.now(tz) + by

    # What timezone.now reads, for models keep timezone.now itself as a default.
    monkeypatch.setattr(timezone, "datetime", WrongClock)
