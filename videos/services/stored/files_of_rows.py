"""The stored files that videos name."""

from collections.abc import Iterator

from django.db.models import Q

from videos.models import Frame, Upload, Video
from videos.services.extraction_choice import waiting_for_a_choice


def named() -> Iterator[str]:
    """Yield the names of all files of videos, for named_files.told_by: uploads whose frames aren't taken, and pictures.

    A dataset's picture is named too where a video shows it.
    """
    before_its_frames = Q(state__in=(Video.State.UPLOADING, Video.State.EXTRACTING)) | waiting_for_a_choice()
    videos = Video.kept.filter(before_its_frames)
    uploads = Upload.objects.not_refused().filter(video__in=videos, completed__isnull=False).select_related("video")
    for upload in uploads.iterator():
        yield upload.stored_name
    frames = Frame.objects.filter(video__deleted=None).order_by("video", "number")
    yield from frames.values_list("picture_name", flat=True).iterator()
