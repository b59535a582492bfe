"""Each run in a watched process of its own (ftcml/core/work): a tracker that takes too much costs itself alone."""

import sys

from django.conf import settings

from ftcml.core.logging import logs
from ftcml.core.work.bounds import Bounds
from ftcml.core.work.watched_child import Attempt
from machine.children import Limits
from videos.models import Tracking
from videos.reasons import Code, Reason
from videos.tracking_runs import run_leases
from videos.tracking_runs.run_leases import Lease

COMMAND = (sys.executable, "-m", "videos.tracking_runs.one_run")
_WORK_PREFIX = "tracking-"


def bounds() -> Bounds:
    """Return what one run may use."""
    seconds = settings.TRACKING_MAX_SECONDS
    return Bounds(Limits(seconds, seconds, settings.TRACKING_MAX_MEMORY_BYTES), settings.TRACKING_MAX_STEP_SECONDS)


def run_in_child(run: Tracking, lease: Lease) -> None:
    """Do a run that the caller holds, in a child. One whose child has died too often ends."""
    with logs.about(run.team_id, video_id=run.video_id):
        if lease.attempt > settings.TRACKING_MAX_ATTEMPTS:
            run_leases.broke_off(lease, Reason(Code.TRACKING_CRASHED))
            return
        attempt = Attempt(
            lease=lease,
            bounds=bounds(),
            folder_prefix=_WORK_PREFIX,
            about=f"tracking {run.pk} of team {run.team_id}",
            refuse=lambda reason: run_leases.broke_off(lease, Reason(Code.TRACKING_CRASHED)),
            gone=lambda: None,
            progress=lambda done, of: None,
        )
        attempt.run(COMMAND)
