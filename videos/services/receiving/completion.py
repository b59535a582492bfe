"""Once all bytes of a file are there it is stored, and once all files of a video are, its frames are taken.

Each step may be repeated: after a crash at any moment the next request, or the hourly tidying, resumes where it was.
"""

from pathlib import Path

from django.core.files import File
from django.db import transaction
from django.db.models import Sum

from ftcml.core import clock
from ftcml.core.files import storage
from videos.extraction.extraction_leases import wake_worker
from videos.models import Activity, Upload, Video
from videos.reasons import Code
from videos.refusals import VideoRefused
from videos.services.receiving import received_file


def settle(upload: Upload) -> int:
    """Return how many bytes of the file have come. Store the file if that's all of them.

    Raises VideoRefused where the bytes aren't those that were announced, after which the upload is no more.
    """
    if upload.completed:
        return upload.offset
    come = received_file.size(upload.pk)
    if come is None and not is_stored(upload):
        received_file.make(upload.pk)  # the server has lost what it had: the sender begins again
        come = 0
    if come is not None and come != upload.size:
        return come
    complete(upload)
    return upload.size or 0


def complete(upload: Upload) -> None:
    """Store a file whose bytes are all there, and note it. Raises VideoRefused, received_file.Busy."""
    try:
        with received_file.held(upload.pk):
            _check(upload)
            storage.move(upload.stored_name, received_file.path_of(upload.pk))
    except received_file.Missing:
        if not is_stored(upload):
            return  # another request has stored it, or the upload was given up
    _note(upload)


def take(upload: Upload, source: "Path | File[bytes]") -> None:
    """Store a file that is here as a whole, and stays where it is."""
    storage.put(upload.stored_name, source)
    _note(upload)


def whole(video: Video) -> None:
    """Have the frames taken of a video whose files are all there, but those that were refused.

    Call it in a transaction that has locked the video's row.
    """
    done = Upload.objects.filter(video=video, completed__isnull=False)
    refused = Upload.objects.filter(video=video).exclude(reason_code="")
    if video.state != Video.State.UPLOADING or done.count() + refused.count() < video.files_expected:
        return
    size = done.aggregate(Sum("size"))["size__sum"] or 0
    Video.everything.filter(pk=video.pk).update(state=Video.State.EXTRACTING, file_bytes=size)
    person = video.created_by
    Activity.objects.create(video=video, person=person, action=Activity.Action.UPLOADED, at=clock.now())
    transaction.on_commit(lambda: wake_worker(video))


def _check(upload: Upload) -> None:
    """Compare the whole file with the checksum that was announced. Raises VideoRefused."""
    if upload.sha256 and received_file.sha256(upload.pk) != upload.sha256:
        raise VideoRefused(Code.BROKEN_ON_THE_WAY)


def is_stored(upload: Upload) -> bool:
    """Return whether a request moved the file and ended before it could say so."""
    name = upload.stored_name
    return storage.exists(name) and storage.size(name) == upload.size


def _note(upload: Upload) -> None:
    with transaction.atomic():
        video = Video.everything.select_for_update().filter(pk=upload.video_id).first()
        now = clock.now()
        rows = Upload.objects.filter(pk=upload.pk)
        if video is None or not rows.update(completed=now, offset=upload.size, touched=now):
            # Given up just now. What is stored belongs to no row.
            storage.discard(upload.stored_name)
            return
        whole(video)
    upload.completed, upload.offset = now, upload.size or 0
