"""Whether the server can do its work now: what `/readyz` says."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import Error, connection
from redis.backoff import NoBackoff
from redis.retry import Retry

from ftcml.core import clock
from ftcml.core.files import storage
from ftcml.installation import alarms, identity
from training.integrity import sweeping
from training.services import registry

log = logging.getLogger(__name__)

BROKER_SECONDS = 1.0
# Anybody may ask, so all who ask within this time get the same answer.
KEPT_SECONDS = 5
# So many sweeps must have failed to come before they count as gone.
MISSED_SWEEPS = 3

_KEY, _LAST = "readiness", "last-readiness"
_looking = threading.Lock()


@dataclass(frozen=True)
class Check:
    name: str
    ok: bool
    sentence: str


def checks() -> list[Check]:
    """Every check, at most KEPT_SECONDS old. One thread looks; the others get what was found before, if it is known.

    A storage that accepts and never answers may keep the one waiting for minutes: it must not keep every thread.
    """
    found = cache.get(_KEY)
    if found is None and not _looking.acquire(blocking=cache.get(_LAST) is None):
        found = cache.get(_LAST)
    elif found is None:
        try:
            found = cache.get(_KEY) or _look()
        finally:
            _looking.release()
    return found or []


def _look() -> list[Check]:
    found = [_check(name, good, problem) for name, (good, problem) in _CHECKS.items()]
    cache.set(_KEY, found, KEPT_SECONDS)
    cache.set(_LAST, found, None)
    return found


def _check(name: str, good: str, problem: Callable[[], str]) -> Check:
    """`problem` returns a sentence, or "" where `good` holds. Strangers read it, so no error's own words are in it."""
    try:
        sentence = problem()
    except Error as error:
        log.warning("%s not known, the database does not answer: %s", name, error)
        sentence = "The database doesn't answer."
    return Check(name, not sentence, sentence or good)


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _broker() -> str:
    waiting = {"socket_connect_timeout": BROKER_SECONDS, "socket_timeout": BROKER_SECONDS}
    try:
        with redis.Redis.from_url(settings.CELERY_BROKER_URL, retry=Retry(NoBackoff(), 0), **waiting) as client:
            client.ping()
    except (redis.RedisError, OSError) as error:
        log.warning("the broker does not answer: %s", error)
        return f"The broker doesn't answer within {BROKER_SECONDS:.0f} s. Trainings and imports wait until it does."
    return ""


def _storage() -> str:
    if not storage.is_writable():
        return "The server can't write files to its storage."
    if storage.nearly_full():
        return "The disk is nearly full, so new trainings and imports are refused."
    return ""


def _installation() -> str:
    """Whose files these are, and whether most of them are known. What alarms say is for everybody: no name is in it."""
    return identity.why_not() or " ".join(alarm.sentence for alarm in alarms.current() if alarm.kind != identity.ALARM)


def _training_worker() -> str:
    live = registry.live_workers()
    if stuck := live.exclude(problem="").first():
        return f"A training worker takes no jobs. {stuck.problem}"
    if live.exists():
        return ""
    minutes = registry.SEEN_WITHIN.total_seconds() / 60
    return f"No training worker reported in the last {minutes:.0f} minutes, so no training starts."


def _sweep() -> str:
    lately = max(registry.SEEN_WITHIN, timedelta(seconds=MISSED_SWEEPS * settings.SWEEP_SECONDS))
    swept = sweeping.last_swept()
    now = clock.now()
    if swept and now - lately <= swept <= now + lately:  # of a later time: the clock was set back, and none came since
        return ""
    return f"No sweep ran in the last {lately.total_seconds():.0f} s, so interrupted work isn't resumed."


_CHECKS: dict[str, tuple[str, Callable[[], str]]] = {
    "database": ("The database answers.", _database),
    "broker": ("The broker answers.", _broker),
    "storage": ("Files can be stored, and the disk has room.", _storage),
    "installation": ("The stored files belong to this database.", _installation),
    "training worker": ("A training worker is running.", _training_worker),
    "sweep": ("The sweep runs.", _sweep),
}
