"""What may be uploaded: names, sizes, numbers of files, and who may."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.conf import settings

from ftcml.accounts.models import Team
from ftcml.accounts.services import quota
from ftcml.core.requests.parameters import longest
from videos.models import Upload, Video
from videos.reasons import Code
from videos.refusals import VideoRefused

Kind = Video.Kind
# By the end of a name, where nobody says what a file is.
PICTURES = (".jpg", ".jpeg", ".jfif", ".png", ".webp", ".bmp", ".heic", ".heif")
VIDEOS = (".mp4", ".mov", ".m4v", ".avi", ".webm", ".mkv")
ARCHIVES = (".zip",)
MAX_EVERY_NTH = 1000
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True)
class Choice:
    """Which frames of a video are taken: those that differ most, or one in `every_nth`."""

    extraction: str = Video.Extraction.DIFFERING
    every_nth: int = 1


DIFFERING = Choice()
# As people and programs name it beside the kinds of Video.Extraction.
EVERY_FRAME = "every_frame"


def choice_of(frames: str, every_nth: int) -> Choice:
    """Return the choice of that name. What makes no sense `check_choice` refuses."""
    return Choice(Video.Extraction.EVERY_NTH) if frames == EVERY_FRAME else Choice(frames, every_nth)


def kind_of(filename: str) -> str:
    """Return what a file of this name is most likely for."""
    name = filename.lower()
    if name.endswith(ARCHIVES):
        return Kind.ARCHIVE
    return Kind.PICTURES if name.endswith(PICTURES) else Kind.VIDEO


def checked_description(description: str) -> str:
    """Return the description without needless spaces. Raises VideoRefused."""
    most = longest(Video, "description")
    description = " ".join(description.split())
    if not 1 <= len(description) <= most:
        raise VideoRefused(Code.BAD_DESCRIPTION, most=most)
    return description


def described_by(filename: str) -> str:
    """Return a description for a file of that name."""
    words = " ".join(re.sub(r"[_\s]+", " ", PurePosixPath(clean_filename(filename)).stem).split())
    return words[: longest(Video, "description")].strip() or "video"


def clean_filename(filename: str) -> str:
    """Return a name without folders and without letters that nobody sees."""
    name = _UNSEEN.sub("", filename.replace("\\", "/")).strip().rpartition("/")[2].strip()
    return name[-longest(Upload, "filename") :] or "video"


def check_limit(team: Team) -> None:
    """Raise VideoRefused while the team has as many videos as one team may have.

    The trash doesn't count, nor do the frames of a dataset, which take no room.
    """
    use = videos_of(team)
    if use.limit is not None and use.used >= use.limit:
        raise VideoRefused(Code.TOO_MANY_VIDEOS, most=use.limit)


def videos_of(team: Team) -> quota.Use:
    """Return how many videos the team has that count, and may have."""
    videos = Video.objects.for_team(team).exclude(state=Video.State.FAILED)
    return quota.Use(videos.exclude(kind=Kind.DATASET).count(), quota.videos_of(team))


def take_room(team: Team, size: int = 0) -> None:
    """Count so many bytes that come in. Raises VideoRefused where the team has no room for them."""
    try:
        quota.take(team, size)
    except quota.StorageFull as full:
        raise VideoRefused(Code.OTHER, text=str(full)) from None


def limit(video: Video) -> int:
    """Return how many bytes one file of the video may have."""
    if video.kind == Kind.ARCHIVE:
        return settings.IMPORT_MAX_ARCHIVE_BYTES
    return settings.IMPORT_MAX_PICTURE_BYTES if video.kind == Kind.PICTURES else settings.VIDEO_MAX_BYTES


def check_size(video: Video, filename: str, size: int) -> None:
    """Raise VideoRefused unless a file of the video may have so many bytes."""
    if size <= 0:
        raise VideoRefused(Code.EMPTY)
    if size > limit(video):
        raise too_large(video, filename)


def too_large(video: Video, filename: str) -> VideoRefused:
    """Return the refusal of a file that is larger than it may be."""
    megabytes = max(1, limit(video) // 1000**2)
    if video.kind == Kind.PICTURES:
        return VideoRefused(Code.PICTURE_TOO_LARGE, file=filename, megabytes=megabytes)
    return VideoRefused(Code.ARCHIVE_TOO_LARGE if video.kind == Kind.ARCHIVE else Code.TOO_LARGE, megabytes=megabytes)


def wrong_kind(video: Video, filename: str) -> VideoRefused:
    """Return the refusal of a file that is something else."""
    if video.kind == Kind.PICTURES:
        return VideoRefused(Code.NOT_A_PICTURE, file=filename)
    return VideoRefused(Code.NOT_A_ZIP if video.kind == Kind.ARCHIVE else Code.NOT_A_VIDEO)


def check_choice(kind: str, choice: Choice, files: int) -> None:
    is_choice = choice.extraction in Video.Extraction and 1 <= choice.every_nth <= MAX_EVERY_NTH
    if kind not in (Kind.VIDEO, Kind.RECORDING, Kind.PICTURES, Kind.ARCHIVE) or not is_choice or files < 1:
        raise VideoRefused(Code.BAD_CHOICE)
    if files > 1 and kind != Kind.PICTURES:
        raise VideoRefused(Code.BAD_CHOICE)
    if files > settings.VIDEO_MAX_FRAMES:
        raise VideoRefused(Code.TOO_MANY_PICTURES, most=settings.VIDEO_MAX_FRAMES)
