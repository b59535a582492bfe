"""What becomes of slow work on a row that breaks: it fails with a code, is tried again later, or is another's now."""

import errno
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import OperationalError

from ftcml.core.files.storage import StorageAway
from ftcml.core.lease import LeaseLost
from ftcml.core.reasons import Break, Reason
from ftcml.core.work.attempts import AttemptLease
from ftcml.core.work.bounds import Bounds
from ftcml.core.work.work_folders import NoWorkFolder

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Breaking:
    """Settles what breaks within `with Breaking(...).settled():`.

    Args:
        lease: of the row.
        bounds: what the work may use.
        most_attempts: how often a storage that is away is waited for.
        about: the work in the words of a log, such as "dataset 7 of team 1".
        fail: called with why the work can't be done.
        gone: called when the row is no longer held.
    """

    lease: AttemptLease
    bounds: Bounds
    most_attempts: int
    about: str
    fail: Callable[[Reason], None]
    gone: Callable[[], None]

    @contextmanager
    def settled(self) -> Iterator[None]:
        """Nothing that is raised within leaves it, but what ends the process."""
        try:
            yield
        except LeaseLost as loss:
            log.info("%s", loss)
            self.gone()
        except StorageAway as away:
            self._try_again(away)
        except NoWorkFolder as broken:
            self._fail(Break.DISK_IS_FULL if broken.disk_is_full else Break.NO_WORK_FOLDER)
        except OperationalError:  # locked for long, or restarted: the lease runs out, and a worker begins anew
            log.exception("%s: the database did not answer", self.about)
        except Exception as error:
            log.exception("%s: the work broke", self.about)
            self._fail(_what_broke(error))

    def _try_again(self, away: StorageAway) -> None:
        """Let the lease run out, after which a worker begins anew, as after a death; or give up after as many."""
        log.warning("%s: attempt %d: %s", self.about, self.lease.attempt, away)
        if self.lease.attempt >= self.most_attempts:
            self._fail(Break.STORAGE_IS_AWAY)

    def _fail(self, broken: Break) -> None:
        self.fail(self.bounds.broke(broken))


def _what_broke(error: Exception) -> Break:
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return Break.DISK_IS_FULL
    return Break.TOO_MUCH_MEMORY if isinstance(error, MemoryError) else Break.SERVER_BROKE
