"""Why a backup, a restore or a move doesn't take place."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError

from ftcml.backups import messages
from ftcml.core.files.storage import StorageAway
from ftcml.installation.identity import WrongStorage


class BackupRefused(Exception):
    """It can't be done. str() is the sentence for the operator."""


@contextmanager
def told() -> Iterator[None]:
    """Raise BackupRefused with what hinders it: a full disk, a storage or a database that is away."""
    try:
        yield
    except (StorageAway, WrongStorage) as problem:
        raise BackupRefused(str(problem)) from None
    except OSError as error:
        is_full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise BackupRefused(messages.DISK_FULL if is_full else messages.not_possible(str(error))) from error
    except (OperationalError, sqlite3.OperationalError) as error:
        raise BackupRefused(messages.not_possible(str(error))) from error
