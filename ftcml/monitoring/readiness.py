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
from ftcml.monitoring import messages
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
    found = [_check(name, messages.GOOD[name], problem) for name, problem in _CHECKS.items()]
    cache.set(_KEY, found, KEPT_SECONDS)
    cache.set(_LAST, found, None)
    return found


def _check(name: str, good: str, problem: Callable[[], str]) -> Check:
    """`problem` returns a sentence, or "" where `good` holds. Strangers read it, so no error's own words are in it."""
    try:
        sentence = problem()
    except Error as error:
        log.warning("%s not known, the database does not answer: %s", name, error)
        sentence = messages.NO_DATABASE
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
        return messages.no_broker(BROKER_SECONDS)
    return ""


def _storage() -> str:
    if not storage.is_writable():
        return messages.NOT_WRITABLE
    if storage.nearly_full():
        return messages.DISK_NEARLY_FULL
    return ""


def _installation() -> str:
    """Whose files these are, and whether most of them are known. What alarms say is for everybody: no name is in it."""
    return identity.why_not() or " ".join(alarm.sentence for alarm in alarms.current() if alarm.kind != identity.ALARM)


def _training_worker() -> str:
    live = registry.live_workers()
    if stuck := live.exclude(problem="").first():
        return messages.stuck_worker(stuck.problem)
    if live.exists():
        return ""
    return messages.no_worker(registry.SEEN_WITHIN.total_seconds() / 60)


def _sweep() -> str:
    lately = max(registry.SEEN_WITHIN, timedelta(seconds=MISSED_SWEEPS * settings.SWEEP_SECONDS))
    swept = sweeping.last_swept()
    now = clock.now()
    if swept and now - lately <= swept <= now + lately:  # of a later time: the clock was set back, and none came since
        return ""
    return messages.no_sweep(lately.total_seconds())


_CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "broker": _broker,
    "storage": _storage,
    "installation": _installation,
    "training worker": _training_worker,
    "sweep": _sweep,
}
