"""Takes the frames out of a video that somebody holds: it ends READY, or FAILED with its reason and without files."""

import logging
import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from ftcml.core.files import storage
from ftcml.core.lease import LeaseLost
from ftcml.core.logging import logs
from ftcml.core.work.bounds import Bounds
from ftcml.core.work.breaking import Breaking
from ftcml.core.work.row_removal import remove_some_at_a_time
from ftcml.core.work.work_folders import work_folder
from machine.children import Limits
from videos import messages
from videos.extraction.extraction_leases import WORK_PREFIX, Lease
from videos.extraction.frame_store import FrameStore, frame_store
from videos.extraction.from_pictures import FromPictures
from videos.extraction.from_video import FromVideo
from videos.extraction.taken import Source
from videos.models import Activity, Frame, Video
from videos.reasons import Code, Reason
from videos.refusals import VideoRefused
from videos.sample import sample_video

log = logging.getLogger(__name__)


def bounds() -> Bounds:
    """Return what taking the frames out of one video may use."""
    limits = Limits(
        settings.EXTRACTION_MAX_PROCESSOR_SECONDS,
        settings.EXTRACTION_MAX_SECONDS,
        settings.EXTRACTION_MAX_MEMORY_BYTES,
    )
    return Bounds(limits, settings.EXTRACTION_MAX_STEP_SECONDS)


def extract(video: Video) -> None:
    """Take the frames out of an EXTRACTING video. Nothing happens when another process does."""
    if lease := Lease.claim(video):
        extract_held(video, lease)


def extract_held(video: Video, lease: Lease) -> None:
    """The same for a video that the caller holds."""
    breaking = Breaking(
        lease=lease,
        bounds=bounds(),
        most_attempts=settings.EXTRACTION_MAX_ATTEMPTS,
        about=about(video),
        fail=lambda reason: fail(video, lease, reason),
        gone=lambda: remove_unneeded(video),
    )
    with logs.about(video.team_id, video_id=video.pk), breaking.settled():
        try:
            _make(video, lease)
        except VideoRefused as refusal:
            fail(video, lease, refusal.reason)
    with suppress(Video.DoesNotExist):  # deleted meanwhile
        video.refresh_from_db()


def _make(video: Video, lease: Lease) -> None:
    """Make the video READY. Raises VideoRefused, LeaseLost, and whatever breaks."""
    started = time.monotonic()
    if not _source_is_there(video):
        raise VideoRefused(Code.FILES_MISSING)
    if lease.attempt > settings.EXTRACTION_MAX_ATTEMPTS:
        raise VideoRefused(Code.CRASHED, times=lease.attempt - 1)
    with work_folder(WORK_PREFIX, video.pk) as folder, frame_store(video, lease, folder) as store:
        source = _source(video, lease, folder, store)
        lease.write(frames_total=source.total, **source.facts())
        if not store.stored:
            # What a former choice of frames has left, where a worker died before it was removed.
            storage.remove_tree(video.frames_prefix)
        for frame in source.frames():
            store.add(frame)
        store.write()
        _finish(video, lease, source, store.stored)
    remove_unneeded(video)
    log.info("%s: READY in %.1f s with %d frames", about(video), time.monotonic() - started, store.stored)


def _source(video: Video, lease: Lease, folder: Path, store: FrameStore) -> Source:
    """What the frames come out of. Raises VideoRefused."""
    if video.kind == Video.Kind.PICTURES:
        return FromPictures(video, store.stored, lease.beat)
    return FromVideo(video, _film(video, lease, folder), store.former, lease.beat)


def _film(video: Video, lease: Lease, folder: Path) -> Path:
    """The file of a video on this machine."""
    if video.kind == Video.Kind.SAMPLE:
        sample = folder / "sample.webm"
        sample_video.write(sample)
        return sample
    return storage.local_path(_upload_names(video)[0], folder, lease.beat)


def _finish(video: Video, lease: Lease, source: Source, frames: int) -> None:
    """Make the video READY, by one transaction with the entry in its history. Raises LeaseLost."""
    size = storage.tree_size(video.frames_prefix)
    with lease.transaction():
        Activity.objects.create(video=video, action=Activity.Action.EXTRACTED, params={"frames": frames})
        lease.release(
            state=Video.State.READY,
            frames_done=frames,
            frames_total=frames,
            picture_bytes=size,
            **source.facts(),
        )


def fail(video: Video, lease: Lease, reason: Reason) -> None:
    """End the extraction as FAILED, if it is still ours, and remove its rows and files.

    Its files stay where what was uploaded isn't there: if the database is an older copy, a newer one has them. The
    uploaded file stays where another choice would give fewer frames of it.
    """
    has_source = _has_source(video)
    why = Reason(Code.FILES_MISSING) if has_source is False else reason
    try:
        remove_some_at_a_time(Frame.objects.filter(video=video), lease.transaction)
        lease.release(
            state=Video.State.FAILED,
            reason_code=why.code,
            reason_params=why.params,
            frames_done=0,
            frames_total=0,
        )
    except LeaseLost:
        remove_unneeded(video)
        return
    level = logging.INFO if has_source else logging.ERROR
    log.log(level, "%s: FAILED. %s", about(video), messages.words(why))
    if has_source:
        storage.discard_tree(video.frames_prefix if why.code == Code.TOO_MANY_FRAMES else video.prefix)


def _has_source(video: Video) -> bool | None:
    """Return whether what was uploaded is stored; None while that can't be known."""
    try:
        return _source_is_there(video)
    except storage.StorageAway:
        return None


def _source_is_there(video: Video) -> bool:
    """Whether all that was uploaded is stored. A sample needs nothing."""
    if video.kind == Video.Kind.SAMPLE:
        return True
    names = _upload_names(video)
    return bool(names) and not storage.missing(names)


def _upload_names(video: Video) -> list[str]:
    return [upload.stored_name for upload in video.uploads.filter(completed__isnull=False)]


def remove_unneeded(video: Video) -> None:
    """Remove what was written since the video was deleted for good, or what was uploaded once its frames are taken.

    From the trash an extraction may resume.
    """
    state = Video.kept.filter(pk=video.pk).values_list("state", flat=True).first()
    if state is None:
        storage.discard_tree(video.prefix)
    elif state == Video.State.READY:
        storage.discard_tree(video.uploads_prefix)


def about(video: Video) -> str:
    """Return how a line of the log names a video."""
    return f"video {video.pk} of team {video.team_id}"
