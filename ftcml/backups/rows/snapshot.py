"""One moment of the database: all that is read of it within is as of then, while others go on writing."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from django.db import connection, transaction

Found = TypeVar("Found")


@contextmanager
def one_moment() -> Iterator[None]:
    """Have this thread read the database as it is now, whatever others write. It can't write within.

    Nobody waits for it: SQLite's log keeps what is new beside the database, and PostgreSQL keeps what is old.
    """
    connection.ensure_connection()
    with _of_sqlite() if connection.vendor == "sqlite" else _of_postgresql():
        yield


@contextmanager
def _of_sqlite() -> Iterator[None]:
    # Django's own transactions take the lock of a writer at once.
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        cursor.execute("BEGIN DEFERRED")
        cursor.execute("SELECT COUNT(*) FROM django_migrations")  # the moment is that of the first look
        cursor.fetchone()
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")
            cursor.execute("PRAGMA query_only = OFF")


@contextmanager
def _of_postgresql() -> Iterator[None]:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def as_it_is_now(look: Callable[[], Found]) -> Found:
    """Return what `look` finds in the database now, though this thread reads an earlier moment of it."""

    def asked() -> Found:
        try:
            return look()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asked).result()
