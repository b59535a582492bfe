"""A server that is busy, which passes by itself: too many hash passwords, or another holds the database too long."""

from django.db import OperationalError

from ftcml.core import messages

RETRY_SECONDS = 5

# What SQLite says, and PostgreSQL where it takes no more connections; such errors carry no code.
_WORDS = ("database is locked", "database table is locked", "database schema is locked", "too many clients")
# Of PostgreSQL: a lock not available in time, a deadlock, a transaction to try again.
_CODES = {"55P03", "40P01", "40001"}


class Busy(Exception):
    """Too many ask for the same at once. str() is the sentence that says so."""

    def __init__(self) -> None:
        super().__init__(messages.BUSY)


def is_busy(error: BaseException | None) -> bool:
    """Return whether `error`, or one that led to it, says that the server is busy, or its database."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, Busy) or (isinstance(error, OperationalError) and _says_busy(error)):
            return True
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return False


def _says_busy(error: OperationalError) -> bool:
    words = str(error)
    return getattr(error.__cause__, "sqlstate", None) in _CODES or any(each in words for each in _WORDS)
