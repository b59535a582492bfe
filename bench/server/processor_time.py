"""A limit on the processor time of a piece of a bench, by which one that hangs is cut off and told of."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class TookTooLong(BaseException):
    """Beyond the limit. No Exception, or the code that is measured would catch it as one of its own."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise TookTooLong in the main thread once this process has used so much processor time within."""

    def too_long(*_: Any) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGPROF, too_long)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
