"""Takes in the frames of a video that somebody holds: it ends READY, or FAILED with its reason and without files."""

import logging
import time
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings

from datasets.importing import producing
from datasets.importing.to_frames.frame_leases import FrameLease
from datasets.importing.to_frames.frame_rows import remove_frames
from datasets.importing.to_frames.frames_of_dataset import FramesOfDataset
from datasets.importing.to_frames.frames_to_label import FramesToLabel
from datasets.reasons import Code
from datasets.refusals import DatasetRefused
from ftcml.core import clock
from ftcml.core.files import storage
from ftcml.core.lease import LeaseLost
from ftcml.core.logging import logs
from ftcml.core.reasons import Reason
from ftcml.core.work.breaking import Breaking
from ftcml.core.work.work_folders import work_folder
from videos import messages
from videos.models import Video
from videos.reasons import Code as VideoCode
from videos.refusals import VideoRefused

log = logging.getLogger(__name__)

WORK_PREFIX = "frames-"


def take_in(video: Video) -> None:
    """Take in the frames of a video that waits for them. Nothing happens when another process does, or it's gone."""
    work = FrameLease.work
    is_held = work.rows.filter(work.in_force(clock.now()), pk=video.pk).exists()
    if not is_held and (lease := FrameLease.claim(video)):
        take_in_held(video, lease)


def take_in_held(video: Video, lease: FrameLease, progress: Callable[[int, int], None] = lambda done, of: None) -> None:
    """The same for a video that the caller holds. `progress` is called with (pictures done, pictures in all)."""
    with logs.about(video.team_id, video_id=video.pk):
        _take_in(video, lease, progress)
    with suppress(Video.DoesNotExist):  # deleted meanwhile
        video.refresh_from_db()


def _take_in(video: Video, lease: FrameLease, progress: Callable[[int, int], None]) -> None:
    """Take the frames in, and settle what becomes of the video."""
    breaking = Breaking(
        lease=lease,
        bounds=producing.bounds(),
        most_attempts=settings.IMPORT_MAX_ATTEMPTS,
        about=f"video {video.pk} of team {video.team_id}",
        fail=lambda reason: fail(video, lease, of_archive(reason)),
        gone=lambda: remove_if_deleted(video),
    )
    with breaking.settled():
        try:
            _work(video, lease, progress)
        except VideoRefused as refusal:
            fail(video, lease, refusal.reason)
        except DatasetRefused as refusal:
            fail(video, lease, of_archive(refusal.reason))


def _work(video: Video, lease: FrameLease, progress: Callable[[int, int], None]) -> None:
    """Make the video READY. Raises VideoRefused, DatasetRefused, LeaseLost, and whatever breaks."""
    started = time.monotonic()
    if lease.attempt > settings.IMPORT_MAX_ATTEMPTS:
        raise DatasetRefused(Code.CUT_OFF, attempts=lease.attempt - 1)
    if video.kind == Video.Kind.DATASET:
        FramesOfDataset(video, lease).run()
    else:
        with work_folder(WORK_PREFIX, video.pk) as folder:
            FramesToLabel(video, lease, folder, progress).run()
        _discard_uploads(video)
    log.info("video %s of team %s: READY in %.1f s", video.pk, video.team_id, time.monotonic() - started)


def fail(video: Video, lease: FrameLease, reason: Reason) -> None:
    """End the work as FAILED, if it is still ours, and remove the video's rows of frames and its files.

    Its files stay where the archive isn't there: if the database is an older copy, a newer one has them.
    """
    has_source = _has_source(video)
    why = Reason(VideoCode.FILES_MISSING) if has_source is False else reason
    try:
        remove_frames(video, lease.transaction)
        lease.release(
            state=Video.State.FAILED, reason_code=why.code, reason_params=why.params, frames_done=0, frames_total=0
        )
    except LeaseLost:
        remove_if_deleted(video)
        return
    level = logging.INFO if has_source else logging.ERROR
    log.log(level, "video %s of team %s: FAILED. %s", video.pk, video.team_id, messages.words(why))
    if has_source:
        storage.discard_tree(video.prefix)


def _has_source(video: Video) -> bool | None:
    """Return whether what was uploaded is stored; None while that can't be known. A dataset's frames need nothing."""
    names = [upload.stored_name for upload in video.uploads.all()]
    try:
        return video.kind == Video.Kind.DATASET or (bool(names) and not storage.missing(names))
    except storage.StorageAway:
        return None


def of_archive(reason: Reason) -> Reason:
    """Return why an archive gave no frames: a reason around datasets, within one around videos."""
    return Reason(VideoCode.ARCHIVE, {"reason": [reason.code, reason.params]})


def remove_if_deleted(video: Video) -> None:
    """Remove what was written since the video was deleted for good. From the trash it may resume."""
    if not Video.kept.filter(pk=video.pk).exists():
        storage.discard_tree(video.prefix)


def _discard_uploads(video: Video) -> None:
    for upload in video.uploads.all():
        storage.discard(upload.stored_name)
