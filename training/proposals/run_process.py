"""Each run in a watched process of its own (ftcml/core/work), at low priority: one that takes too much costs itself."""

import sys

from django.conf import settings

from ftcml.core.logging import logs
from ftcml.core.work.watched_child import Attempt, Progress
from training.models import ModelRun
from training.proposals import running
from training.proposals.run_leases import WORK_PREFIX, Lease

COMMAND = (sys.executable, "-m", "training.proposals.one_run")


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
