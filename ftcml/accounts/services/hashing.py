"""Passwords are slow to hash on purpose. A few at a time, so that strangers who try some leave processors for pages."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from ftcml.core.busy import Busy

AT_ONCE = 2  # in one process
# Most wait before they get here: ftcml/core/requests/client_limits.py says how many may.
MOST_WAITING = 32
WAIT_SECONDS = 30.0


class Slots:
    """Places for threads that hash; a thread that has one gets no second."""

    def __init__(self, at_once: int = AT_ONCE, waiting: int = MOST_WAITING, seconds: float = WAIT_SECONDS) -> None:
        self._places = threading.BoundedSemaphore(at_once)
        self._queue = threading.BoundedSemaphore(at_once + waiting)
        self._seconds = seconds
        self._mine = threading.local()

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Hold a place, waiting for one if need be. Raises Busy."""
        if getattr(self._mine, "held", False):
            yield
            return
        self._enter()
        self._mine.held = True
        try:
            yield
        finally:
            self._mine.held = False
            self._places.release()
            self._queue.release()

    def _enter(self) -> None:
        if not self._queue.acquire(blocking=False):
            raise Busy
        if not self._places.acquire(timeout=self._seconds):
            self._queue.release()
            raise Busy


slots = Slots()


class FewAtATime(PBKDF2PasswordHasher):
    """Django's own hasher, a few at a time."""

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        with slots.slot():
            return super().encode(password, salt, iterations)
