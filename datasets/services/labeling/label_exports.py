"""The labeled frames of videos as a zip file in the format of another program, made while it is sent."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath

from django.db.models import QuerySet
from django.utils.text import slugify

from datasets.formats.catalog import WRITTEN, check_format, writer
from datasets.formats.common.samples import PixelBox, Sample
from datasets.messages import page_words as messages
from datasets.reasons import Code
from datasets.refusals import DatasetRefused
from datasets.services.downloads import Download, check_files, named_jpeg, read, written
from datasets.split import Split
from ftcml.core.files.streams import begun
from videos.models import Box, Frame, Label, Video
from videos.services.finished_frames import finished_frames

_ROWS_AT_ONCE = 500
# Formats that train at once want frames to check with. The last ones of each video are, so that neighbors, which look
# alike, stay on one side.
_WITH_EVALUATION = {"limelight"}
_ONE_IN = 5


def export(videos: Sequence[Video], archive_format: str) -> Download:
    """Return the finished frames of the videos as a zip file in one of the formats that are written.

    Raises DatasetRefused for an unknown format, and where no frame is labeled; FileLost where pictures are gone.
    """
    check_format(archive_format, WRITTEN)
    frames = finished_frames(videos)
    names = list(frames.values_list("picture_name", flat=True))
    labels = _labels(frames)
    if not labels:
        raise DatasetRefused(Code.NOTHING_LABELED)
    about = f"labels of {len(videos)} videos of team {videos[0].team_id}"
    check_files(names, about, messages.pictures_lost)
    samples = _Samples(videos, is_split=archive_format in _WITH_EVALUATION)
    pieces = written(writer(archive_format)(samples.all(), labels))
    return Download(_filename(videos, archive_format), begun(pieces, f"{about} as {archive_format}"))


def _labels(frames: QuerySet[Frame]) -> list[str]:
    return sorted(Label.objects.filter(boxes__frame__in=frames).distinct().values_list("name", flat=True))


def _filename(videos: Sequence[Video], archive_format: str) -> str:
    name = slugify(videos[0].description) if len(videos) == 1 else ""
    return f"{name or 'labels'}-{archive_format}.zip"


@dataclass(frozen=True)
class _Samples:
    """The frames for a format to write. `is_split`: whether some of them are for evaluation."""

    videos: Sequence[Video]
    is_split: bool

    def all(self) -> Iterator[Sample]:
        """Yield all frames by short queries. A download may take an hour and change threads."""
        keys = list(finished_frames(self.videos).values_list("pk", "video"))
        total = Counter(video for _, video in keys)
        done: Counter[object] = Counter()
        for start in range(0, len(keys), _ROWS_AT_ONCE):
            part = keys[start : start + _ROWS_AT_ONCE]
            found = Frame.objects.select_related("video").in_bulk([key for key, _ in part])
            boxes = _boxes(found)
            for key, video in part:
                done[video] += 1
                if frame := found.get(key):
                    yield _sample(frame, boxes.get(key, []), self._split(done[video], total[video]))

    def _split(self, place: int, total: int) -> Split | None:
        """The split of the frame of that place, counted from 1, among the frames of its video."""
        if not self.is_split:
            return None
        return Split.EVALUATION if place > total - total // _ONE_IN else Split.TRAINING


def _boxes(frames: dict[int, Frame]) -> dict[int, list[PixelBox]]:
    """Return the boxes of frames by the frame's key."""
    found: dict[int, list[PixelBox]] = {}
    for box in Box.objects.filter(frame__in=frames).select_related("label").order_by("pk"):
        corners = PixelBox(box.label.name, box.xmin, box.ymin, box.xmax, box.ymax)
        found.setdefault(box.frame_id, []).append(corners)
    return found


def _sample(frame: Frame, boxes: list[PixelBox], split: Split | None) -> Sample:
    """One frame, whose picture is JPEG, whatever it came as."""
    size = (frame.width, frame.height)
    return Sample(_name(frame), partial(read, frame.picture_name), size, boxes, len(boxes), split)


def _name(frame: Frame) -> str:
    """The name of the picture's own file, or that of the video with the frame's number."""
    if frame.filename:
        return named_jpeg(frame.filename)
    stem = PurePosixPath(frame.video.filename).stem or frame.video.description
    return f"{stem}-{frame.number:06d}.jpg"
