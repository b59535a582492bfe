"""A worker's time, injected so that tests can let hours pass at once."""

import time
from datetime import datetime

from ftcml.core import clock

# How often a worker looks after what it does.
TURN_SECONDS = 1.0


class Clock:
    def now(self) -> datetime:
        """Return the time of day, for what other processes and machines compare with theirs."""
        return clock.now()

    def monotonic(self) -> float:
        """Return seconds on a clock that is never set, and that stops while the machine sleeps (Linux)."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)
