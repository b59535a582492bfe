"""supervisord, which a full disk doesn't end: `python supervising.py -c CONFIGURATION`.

Of itself it reports a log that can't be written to its standard error, which lies on the same disk, and dies of that.
"""

import sys
from contextlib import suppress
from typing import Any

from supervisor import loggers, supervisord


class PatientLog(loggers.RotatingFileHandler):
    """A log that leaves out what can't be written now, and goes on when there is room."""

    def emit(self, record: Any) -> None:
        with suppress(OSError):
            if self.stream.closed:  # by a rotation that failed
                self.reopen()
            super().emit(record)

    def handleError(self) -> None:
        """Say nothing: there is no other place to say it."""


if __name__ == "__main__":
    loggers.RotatingFileHandler = PatientLog
    sys.exit(supervisord.main())
