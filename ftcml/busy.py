"""Tells a database that is busy from one that is broken: a lock that another holds too long passes by itself."""

from django.db import OperationalError

SENTENCE = "The server is busy. Try again in a moment."
RETRY_SECONDS = 5

# What SQLite says, and PostgreSQL where it takes no more connections; such errors carry no code.
_WORDS = ("database is locked", "database table is locked", "database schema is locked", "too many clients")
# Of PostgreSQL: a lock not available in time, a deadlock, a transaction to try again.
_CODES = {"55P03", "40P01", "40001"}


def is_meant(error: BaseException | None) -> bool:
    """Return whether `error`, or one that led to it, says that the database is busy."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, OperationalError) and _says_busy(error):
            return True
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return False


def _says_busy(error: OperationalError) -> bool:
    words = str(error)
    return getattr(error.__cause__, "sqlstate", None) in _CODES or any(each in words for each in _WORDS)
