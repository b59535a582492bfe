"""What a labeling worker does at the same time: long runs of models leave room for those for which people wait."""

import threading

from training.models import ModelRun
from training.proposals import run_leases, run_process
from training.proposals.run_leases import Lease, LongLease

# In one worker, of ftcml.launcher.programs.LABELING_AT_ONCE runs of trackers and models.
LONG_AT_ONCE = 2
_long = threading.BoundedSemaphore(LONG_AT_ONCE)


def claim_next() -> tuple[ModelRun, Lease] | None:
    """Take the next run, as far as there is room for it in this worker. The caller calls `work` then."""
    has_room = _long.acquire(blocking=False)
    claimed = run_leases.claim_next(may_be_long=has_room)
    if has_room and not (claimed and isinstance(claimed[1], LongLease)):
        _long.release()
    return claimed


def work(run: ModelRun, lease: Lease) -> None:
    """Do a claimed run in a child, and make room again."""
    try:
        run_process.run_in_child(run, lease)
    finally:
        if isinstance(lease, LongLease):
            _long.release()
