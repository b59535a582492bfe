"""What Celery beat follows: how often the sweeps come, by a clock that is never set, and without a file."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from celery import beat, schedules

from ftcml.core.programs import alive

# So soon after a start come the tasks that come less often: a server that runs for half an hour at a time has them too.
FIRST_AFTER = timedelta(minutes=10)

_began, _began_at = datetime.now(UTC), time.monotonic()


def steady_now() -> datetime:
    """The time of day as it was when this process began, and the seconds since, however often the clock was set."""
    return _began + timedelta(seconds=time.monotonic() - _began_at)


class Scheduler(beat.Scheduler):
    """Keeps the last runs in memory: a full disk or a damaged file can't stop it, nor a clock that was set back."""

    def setup_schedule(self) -> None:
        super().setup_schedule()
        for entry in self.schedule.values():
            every = entry.schedule
            if isinstance(every, schedules.schedule):
                every.nowfun = steady_now
                wait = FIRST_AFTER if every.run_every > FIRST_AFTER else timedelta(0)
                entry.last_run_at = steady_now() - every.run_every + wait

    def tick(self, *args: Any, **kwargs: Any) -> float:
        alive.show()
        return super().tick(*args, **kwargs)
