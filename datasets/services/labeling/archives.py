"""Takes a zip file in as frames to label that came in one piece. In parts it comes by videos/services/uploads.py."""

from pathlib import Path

from django.core.files import File

from datasets.formats.catalog import check_format
from datasets.reasons import Code
from datasets.refusals import DatasetRefused
from datasets.services.imports import check_archive
from ftcml.accounts.models import Team, User
from ftcml.core.files import storage
from videos.models import Upload, Video
from videos.services import uploads
from videos.services.receiving import completion, rules


def request_frames(
    team: Team, person: User | None, upload: "File[bytes] | Path", description: str, archive_format: str = ""
) -> Video:
    """Have a worker take the frames out of an archive, with the boxes that it has.

    `archive_format`: a key of formats/catalog.py, "" to find out. Raises DatasetRefused, or VideoRefused, for what is
    known to be wrong at once.
    """
    if archive_format:
        check_format(archive_format)
    check_archive(upload)
    video = uploads.begin(team, person, description, Video.Kind.ARCHIVE)
    filename = rules.clean_filename(Path(upload.name or "").name)
    size = upload.stat().st_size if isinstance(upload, Path) else upload.size
    try:
        Video.objects.filter(pk=video.pk).update(filename=filename, archive_format=archive_format)
        row = Upload.objects.create(video=video, created_by=person, filename=filename, size=size)
        completion.take(row, upload)
    except storage.StorageAway as away:
        uploads.cancel(video)
        raise DatasetRefused(Code.OTHER, text=str(away)) from None
    except BaseException:
        uploads.cancel(video)
        raise
    video.refresh_from_db()
    return video
