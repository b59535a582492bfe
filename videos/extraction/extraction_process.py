"""Each video in a watched process of its own (ftcml/core/work): one that takes too much costs itself alone."""

import sys

from django.conf import settings

from ftcml.core.logging import logs
from ftcml.core.work.watched_child import Attempt, Overrun, Progress, Stuck
from machine.children import Limit, Limits
from videos.extraction import extracting
from videos.extraction.extracting import WORK_PREFIX
from videos.extraction.extraction_leases import Lease
from videos.models import Video
from videos.reasons import Code, Reason

COMMAND = (sys.executable, "-m", "videos.extraction.one_extraction")


def limits() -> Limits:
    """Return what taking the frames out of one video may use."""
    return Limits(
        settings.EXTRACTION_MAX_PROCESSOR_SECONDS,
        settings.EXTRACTION_MAX_SECONDS,
        settings.EXTRACTION_MAX_MEMORY_BYTES,
    )


def extract_in_child(video: Video, lease: Lease, progress: Progress = lambda done, of: None) -> None:
    """Take the frames out of a video that the caller holds, as extracting.extract_held does, in a child.

    `progress` is called now and then with (frames done, frames in all), as the row shows them.
    """
    if lease.attempt > settings.EXTRACTION_MAX_ATTEMPTS:
        extracting.extract_held(video, lease)  # which gives it up at once
        return
    attempt = Attempt(
        lease=lease,
        limits=limits(),
        step_seconds=settings.EXTRACTION_MAX_STEP_SECONDS,
        folder_prefix=WORK_PREFIX,
        about=f"{extracting.about(video)}: the extraction",
        refuse=lambda overrun: extracting.fail(video, lease, reason(overrun)),
        gone=lambda: extracting.remove_unneeded(video),
        progress=progress,
    )
    with logs.about(video.team_id, video_id=video.pk):
        attempt.run(COMMAND)


def reason(overrun: Overrun) -> Reason:
    """Return why an extraction was ended that took too much."""
    if overrun is Stuck.STEP:
        return Reason(Code.STUCK, {"minutes": settings.EXTRACTION_MAX_STEP_SECONDS // 60})
    if overrun is Limit.MEMORY:
        return extracting.too_much_memory()
    is_processor = overrun is Limit.PROCESSOR
    seconds = settings.EXTRACTION_MAX_PROCESSOR_SECONDS if is_processor else settings.EXTRACTION_MAX_SECONDS
    return Reason(Code.TOO_MUCH_TIME, {"minutes": seconds // 60})
