"""Stored files that no row knows: they stay where they are for some days, for the database may be an older one.

While most of what is stored is unknown nothing of it is removed: then it is more likely that the database is wrong.
Datasets and jobs are judged together, for it is one database that is older or wrong.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import PurePosixPath

from django.conf import settings
from django.db.models import Count, Max, Min, Sum

from ftcml.core import clock
from ftcml.installation import alarms, messages
from ftcml.installation.models import UnknownFile

# Fewer are never most of what is stored: on a server with two datasets the remains of one are no alarm.
AT_LEAST = 5
# The alarm about the kinds that are judged together.
ALARM = "unknown files"

# What is stored of each kind that is judged together with the others.
_looks: dict[str, Callable[[], "Stored"]] = {}


@dataclass(frozen=True)
class Stored:
    """The names of all stored files or folders of one kind.

    `known`: there is a row for it. `finished`: a row says that it isn't needed any more. `unknown`: there is no row for
    it. `newer`: there is a row, and it says nothing of this yet; it waits as what is unknown does. `held`: it waited
    before a worker took its job, and it stays at least until the worker gives the job back.
    """

    kind: str
    known: list[str] = field(default_factory=list)
    finished: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    newer: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)

    @property
    def waiting(self) -> list[str]:
        """Return the names that must wait for days before they are removed."""
        return [*self.unknown, *self.newer]

    @property
    def count(self) -> int:
        return len(self.known) + len(self.unknown)

    @property
    def unclear(self) -> int:
        """Return how many of them the database doesn't know, or knows only in part."""
        waiting = [PurePosixPath(name) for name in (*self.newer, *self.held)]
        folders = {str(folder) for path in waiting for folder in (path, *path.parents)}
        return len(self.unknown) + len(folders.intersection(self.known))


@dataclass(frozen=True)
class Waiting:
    """The files in quarantine: how many, their bytes, and when the first and the last may be removed."""

    count: int
    size: int
    first_goes: datetime
    last_goes: datetime


def judge_together(kind: str, look: Callable[[], Stored]) -> None:
    """Judge what `look` finds of this kind together with the other kinds."""
    _looks[kind] = look


def is_most(part: int, whole: int) -> bool:
    """Return whether this is more than half of all, and not just a few."""
    return part >= AT_LEAST and 2 * part > whole


def due(stored: Stored, size: Callable[[str], int]) -> list[str]:
    """Return what has been unknown long enough. Note what is new, and forget what is known again or deleted.

    `size` returns the bytes of a name. Where most is unknown the alarm sounds, and nothing is due.
    """
    gone = noted(stored.kind).difference(stored.waiting, stored.held)
    UnknownFile.objects.filter(kind=stored.kind, name__in=gone).delete()
    note(stored.kind, stored.waiting, size)
    if _sounds(stored):
        return []
    of_kind = UnknownFile.objects.filter(kind=stored.kind, first_seen__lte=clock.now() - _period())
    return sorted(set(of_kind.values_list("name", flat=True)).difference(stored.held))


def noted(kind: str, prefix: str = "") -> set[str]:
    """Return the names of this kind in quarantine, below `prefix`."""
    return set(UnknownFile.objects.filter(kind=kind, name__startswith=prefix).values_list("name", flat=True))


def note(kind: str, names: Collection[str], size: Callable[[str], int]) -> None:
    """Put these names into quarantine from now on, except those that are in it already."""
    new, now = set(names) - noted(kind), clock.now()
    rows = [UnknownFile(kind=kind, name=name, size=size(name), first_seen=now) for name in sorted(new)]
    UnknownFile.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


def waiting() -> Waiting | None:
    """Return what is in quarantine, of all kinds; None if nothing is."""
    found = UnknownFile.objects.aggregate(Count("pk"), Sum("size"), Min("first_seen"), Max("first_seen"))
    if not found["pk__count"]:
        return None
    first, last = found["first_seen__min"] + _period(), found["first_seen__max"] + _period()
    return Waiting(found["pk__count"], found["size__sum"], first, last)


def goes(name: str) -> str:
    """Return the date when an unknown file may be removed; "" if no tidying has seen it yet."""
    file = UnknownFile.objects.filter(name=name).first()
    return f"{file.first_seen + _period():%Y-%m-%d}" if file else ""


def _sounds(stored: Stored) -> bool:
    """Return whether so much is unknown that nothing of this kind may be removed. Sound the alarm, or end it.

    The other kinds are listed only if that matters: listing all of a large bucket takes minutes.
    """
    if stored.kind not in _looks:
        return _judge([stored], stored.kind) or alarms.sounds(ALARM)
    if not stored.waiting and not alarms.sounds(ALARM):
        return False
    return _judge([stored, *(look() for kind, look in _looks.items() if kind != stored.kind)], ALARM)


def _judge(kinds: Sequence[Stored], alarm: str) -> bool:
    """Return whether most is unknown, of one kind or of all, and have the alarm say so."""
    unclear, count = sum(kind.unclear for kind in kinds), sum(kind.count for kind in kinds)
    is_wrong = is_most(unclear, count) or any(is_most(kind.unclear, kind.count) for kind in kinds)
    alarms.settle(alarm, _sentence(kinds) if is_wrong else "")
    return is_wrong


def _sentence(kinds: Sequence[Stored]) -> str:
    return messages.mostly_unknown(sorted((kind.kind, kind.unclear, kind.count) for kind in kinds if kind.unclear))


def _period() -> timedelta:
    return timedelta(days=settings.QUARANTINE_DAYS)
