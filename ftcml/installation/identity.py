"""The installation's identity, in its database and in its storage: do the stored files belong to this database?

It is made when neither has one. While the two differ, nothing is removed, repaired, imported or trained: the files may
be another database's, or may not be there at all, as where a drive is not mounted.
"""

import json
import logging
import time
import uuid
from collections.abc import Callable, Set
from dataclasses import dataclass

from django.conf import settings
from django.core.files.base import ContentFile

from ftcml.core.files import storage
from ftcml.core.files.storage import StorageAway
from ftcml.installation import alarms, messages
from ftcml.installation.models import Installation
from ftcml.installation.quarantine import is_most
from ftcml.installation.version import why_too_old

log = logging.getLogger(__name__)

# Where the storage keeps it.
NAME = "installation.json"
ALARM = "identity"
SECONDS_BETWEEN_LOG_LINES = 60.0

# Asked before an identity is made: what is there of each kind.
_before_making: list[Callable[[], "Found"]] = []
_last_line = float("-inf")


class WrongStorage(Exception):
    """The stored files aren't known to be this database's. str() is the sentence for an operator."""


class _Damaged(Exception):
    """The storage's identity can't be read."""


class _Empty(_Damaged):
    """The file is there and has no content."""


@dataclass(frozen=True)
class Found:
    """How much there is of one kind, in the storage and in the database.

    `known`, `unknown`: how many stored folders have a row, and how many have none. `has_rows`: whether the database has
    any of this kind. `expects_files`: whether one of them should have files.
    """

    known: int
    unknown: int
    has_rows: bool
    expects_files: bool

    @classmethod
    def of(cls, stored: Set[str], rows: Set[str], expects_files: bool) -> "Found":
        """Compare the ids of the stored folders with those of the rows."""
        return cls(len(stored & rows), len(stored - rows), bool(rows), expects_files)


def before_making(look: Callable[[], Found]) -> None:
    """Have `look` called before an identity is made for a database and storage without one, as at an upgrade."""
    _before_making.append(look)


def problem() -> str:
    """Return why the stored files don't count as this database's, as a sentence for operators; "" if they do.

    Costs one small file and one row. Makes the identity where neither has one. Raises StorageAway.
    """
    # Another process may be making it just now: what it was half-way at is over at a second look.
    return _problem() and _problem()


def why_not() -> str:
    """Return the same as problem(), or that the storage doesn't respond."""
    try:
        return problem()
    except StorageAway as away:
        return str(away)


def why_no_work() -> str:
    """Return why this machine may take no work now, as a sentence for operators; "" if it may."""
    return why_too_old() or why_not()


def check() -> None:
    """Raise WrongStorage, or StorageAway, unless the stored files are this database's."""
    if sentence := problem():
        raise WrongStorage(sentence)


def work_must_wait() -> bool:
    """Return whether no work may be taken now. The log says why, once a minute at most."""
    global _last_line
    sentence = why_no_work()
    if sentence and time.monotonic() - _last_line >= SECONDS_BETWEEN_LOG_LINES:
        _last_line = time.monotonic()
        log.error("no work is taken: %s", sentence)
    return bool(sentence)


def refusal() -> str:
    """Return why nothing new can be stored now, as a sentence for a team, or "". Raises StorageAway."""
    if not problem():
        return ""
    return messages.nothing_imported(settings.SUPPORT_CONTACT)


def storage_refusal() -> str:
    """Return why nothing can be stored now, because of the files or for want of room; "" where it can."""
    try:
        return refusal() or storage.nearly_full()
    except StorageAway as away:
        return str(away)


def watch() -> None:
    """Sound the alarm while the stored files aren't this database's, and end it when they are."""
    try:
        alarms.settle(ALARM, problem())
    except StorageAway:
        log.warning("whether the stored files are this database's is not known: the storage does not answer")


def adopt() -> None:
    """Make this database and this storage belong together, under a new identity.

    Any other database with this storage, or other storage with this database, is wrong from now on."""
    fresh = uuid.uuid4()
    Installation.objects.update_or_create(pk=1, defaults={"identity": fresh, "is_stored": False})
    _store(fresh)
    alarms.settle(ALARM, "")


def _problem() -> str:
    try:
        stored = _stored()
    except _Empty:
        # The disk was full, or the power was cut, when it was first written.
        half_made = Installation.objects.filter(is_stored=False).first()
        return _mark(half_made.identity) if half_made else messages.DAMAGED
    except _Damaged:
        return messages.DAMAGED
    installation = Installation.objects.first()
    if installation is None:
        return messages.OTHER_DATABASE if stored else _make()
    if stored is None:
        return messages.NOT_THERE if installation.is_stored else _mark(installation.identity)
    if stored != installation.identity:
        return messages.OTHER_DATABASE
    if not installation.is_stored:
        Installation.objects.update(is_stored=True)
    return ""


def _stored() -> uuid.UUID | None:
    """Return the identity in the storage. Raises _Damaged, or _Empty."""
    try:
        with storage.open_file(NAME) as stream:
            content = stream.read()
        if not content:
            raise _Empty
        return uuid.UUID(json.loads(content)["identity"])
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        log.warning("%s can't be read: %s", NAME, error)
        raise _Damaged from None


def _make() -> str:
    """Make an identity. Return why that isn't possible, or ""."""
    if why := _mix_up([look() for look in _before_making]):
        return why
    installation, _ = Installation.objects.get_or_create(pk=1)
    return _mark(installation.identity)


def _mix_up(kinds: list[Found]) -> str:
    """Return why the stored files don't look like this database's, or "".

    All kinds are judged together: a few unknown folders of one kind may be what is left of deleted rows.
    """
    known, unknown = sum(found.known for found in kinds), sum(found.unknown for found in kinds)
    has_rows, expects_files = any(found.has_rows for found in kinds), any(found.expects_files for found in kinds)
    if is_most(unknown, known + unknown):
        return messages.OTHER_DATABASE
    if known or (has_rows and not expects_files):
        return ""
    if unknown:
        return messages.OTHER_DATABASE
    return messages.NOT_THERE if expects_files else ""


def _mark(identity: uuid.UUID) -> str:
    try:
        _store(identity)
    except OSError as error:
        log.warning("%s can't be stored: %s", NAME, error)
        return messages.NOT_WRITABLE
    return ""


def _store(identity: uuid.UUID) -> None:
    content = {"identity": str(identity), "about": messages.ABOUT_IDENTITY}
    storage.put(NAME, ContentFile(json.dumps(content).encode()))
    Installation.objects.update(is_stored=True)
