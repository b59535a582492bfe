"""The labeled frames of videos as a zip file in the format of another program, made while it is sent."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial

from django.utils.text import slugify

from datasets.formats.catalog import WRITTEN, check_format, writer
from datasets.formats.common.samples import PixelBox, Sample
from datasets.messages import page_words as messages
from datasets.production import counted_frames
from datasets.production.counted_frames import FinishedFrame
from datasets.reasons import Code
from datasets.refusals import DatasetRefused
from datasets.services.downloads import Download, check_files, named_jpeg, read, written
from datasets.split import Split
from ftcml.audit.services import access_log
from ftcml.audit.services.access_log import Kind, Thing
from ftcml.core.files.streams import begun
from videos.models import Video

# Formats that train at once want frames to check with. The last ones of each video are, so that neighbors, which look
# alike, stay on one side.
_WITH_EVALUATION = {"limelight"}
_ONE_IN = 5


def export(videos: Sequence[Video], archive_format: str) -> Download:
    """Return the finished frames of the videos as a zip file in one of the formats that are written.

    Raises DatasetRefused for an unknown format, and where no frame is labeled; FileLost where pictures are gone.
    """
    check_format(archive_format, WRITTEN)
    frames = counted_frames.find(videos).frames
    labels = sorted({box.label for frame in frames for box in frame.boxes})
    if not labels:
        raise DatasetRefused(Code.NOTHING_LABELED)
    about = f"labels of {len(videos)} videos of team {videos[0].team_id}"
    check_files([frame.picture_name for frame in frames], about, messages.pictures_lost)
    access_log.note(Kind.DOWNLOADED, videos[0].team_id, ", ".join(map(str, videos)), Thing.LABELS)
    splits = _splits(frames) if archive_format in _WITH_EVALUATION else [None] * len(frames)
    samples: Iterator[Sample] = map(_sample, frames, splits)
    pieces = written(writer(archive_format)(samples, labels))
    return Download(_filename(videos, archive_format), begun(pieces, f"{about} as {archive_format}"))


def _filename(videos: Sequence[Video], archive_format: str) -> str:
    name = slugify(videos[0].description) if len(videos) == 1 else ""
    return f"{name or 'labels'}-{archive_format}.zip"


def _splits(frames: Sequence[FinishedFrame]) -> list[Split | None]:
    """For each frame its split: the last of each video are for evaluation."""
    total = Counter(frame.video for frame in frames)
    done: Counter[str] = Counter()
    found: list[Split | None] = []
    for frame in frames:
        done[frame.video] += 1
        to_train = total[frame.video] - total[frame.video] // _ONE_IN
        found.append(Split.TRAINING if done[frame.video] <= to_train else Split.EVALUATION)
    return found


def _sample(frame: FinishedFrame, split: Split | None) -> Sample:
    """One frame for a format to write. Its picture is JPEG, whatever it came as."""
    width, height = frame.width, frame.height
    boxes = [
        PixelBox(box.label, box.xmin * width, box.ymin * height, box.xmax * width, box.ymax * height)
        for box in frame.boxes
    ]
    reads = partial(read, frame.picture_name)
    return Sample(named_jpeg(frame.filename), reads, (width, height), boxes, len(boxes), split)
