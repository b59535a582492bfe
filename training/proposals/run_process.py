"""Each run in a watched process of its own (ftcml/core/work), at low priority: one that takes too much costs itself.

Long runs leave room in a worker for trackers and short runs, for which people wait.
"""

import sys
import threading

from django.conf import settings

from ftcml.core.logging import logs
from ftcml.core.work.watched_child import Attempt, Progress
from training.models import ModelRun
from training.proposals import run_leases, running
from training.proposals.run_leases import WORK_PREFIX, Lease, LongLease

COMMAND = (sys.executable, "-m", "training.proposals.one_run")
# In one worker, of ftcml.launcher.programs.LABELING_AT_ONCE runs of trackers and models.
LONG_AT_ONCE = 2
_long = threading.BoundedSemaphore(LONG_AT_ONCE)


def claim_next() -> tuple[ModelRun, Lease] | None:
    """Take the next run, as far as this worker has room for it. The caller calls `work` then."""
    has_room = _long.acquire(blocking=False)
    claimed = run_leases.claim_next(may_be_long=has_room)
    if has_room and not (claimed and isinstance(claimed[1], LongLease)):
        _long.release()
    return claimed


def work(run: ModelRun, lease: Lease) -> None:
    """Do a run that `claim_next` took, in a child, and make room again."""
    try:
        run_in_child(run, lease)
    finally:
        if isinstance(lease, LongLease):
            _long.release()


def run_in_child(run: ModelRun, lease: Lease, progress: Progress = lambda done, of: None) -> None:
    """Do a run that the caller holds, as running.run_held does, in a child.

    `progress` is called now and then with (frames done, frames in all), as the row shows them.
    """
    if lease.attempt > settings.MODEL_RUN_MAX_ATTEMPTS:
        running.run_held(run, lease)  # which gives it up at once
        return
    attempt = Attempt(
        lease=lease,
        bounds=running.bounds(),
        folder_prefix=WORK_PREFIX,
        about=running.about(run),
        refuse=lambda reason: running.fail(lease, reason),
        gone=lambda: None,
        progress=progress,
    )
    with logs.about(run.team_id, job_id=run.job_id, video_id=run.video_id):
        attempt.run(COMMAND)
