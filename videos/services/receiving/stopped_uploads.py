"""Uploads that nobody resumes: they are given up after a day, with all that has come of them."""

import logging
import time
import uuid
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.db.models import F, Max
from django.db.models.functions import Coalesce, Greatest

from ftcml.core import clock
from videos.models import Upload, Video
from videos.refusals import VideoRefused
from videos.services import uploads
from videos.services.receiving import completion, receive, received_file

log = logging.getLogger(__name__)

# A file is younger than its row can be committed.
_SECONDS_OF_A_NEW_FILE = 600


def tidy() -> None:
    """Store files whose last byte came just before a crash, and remove what nobody resumes."""
    _store_whole_files()
    _give_up()
    _remove_files_without_a_row()


def _store_whole_files() -> None:
    for upload in Upload.objects.on_the_way().exclude(size=None).select_related("video"):
        come = received_file.size(upload.pk)
        if come == upload.size or (come is None and completion.is_stored(upload)):
            with suppress(VideoRefused, received_file.Busy):
                receive.come(upload)


def _give_up() -> None:
    last = Greatest(Coalesce(Max("uploads__touched"), F("created")), F("created"))
    too_old = clock.now() - timedelta(days=settings.UPLOAD_DAYS)
    uploading = Video.everything.filter(state=Video.State.UPLOADING).annotate(last=last)
    for video in uploading.filter(last__lt=too_old):
        log.info("video %s was not uploaded to its end, and is removed", video.pk)
        uploads.cancel(video)


def _remove_files_without_a_row() -> None:
    """Look at the files first: a row is written before its file."""
    if not settings.RECEIVING_DIR.is_dir():
        return
    files = {path.name: path for path in settings.RECEIVING_DIR.iterdir() if _is_id(path.name)}
    on_the_way = Upload.objects.on_the_way().values_list("pk", flat=True)
    for name in files.keys() - {str(pk) for pk in on_the_way}:
        with suppress(FileNotFoundError):
            if time.time() - files[name].stat().st_mtime > _SECONDS_OF_A_NEW_FILE:
                files[name].unlink()


def _is_id(name: str) -> bool:
    with suppress(ValueError):
        return bool(uuid.UUID(name))
    return False
