"""A worker's time, injected so that tests can let hours pass at once."""

import time
from datetime import datetime

from ftcml.core import clock

# How often a worker looks after what it does.
TURN_SECONDS = 1.0


class Clock:
    def now(self) -> datetime:
        """The time of day, for what other processes and machines compare with theirs."""
        return clock.now()

    def monotonic(self) -> float:
        """Seconds on a clock that is never set, and that stands still while the machine sleeps (Linux)."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)
