"""The slow part of taking an archive in as frames to label: from the uploaded zip to pictures, frames and boxes.

1. Repair every picture into a folder of this process, as an import does, keeping its boxes in memory.
2. Store the pictures, in the natural order of their names.
3. Write the rows of frames and boxes, in short transactions, for others write as well.
4. Make the video READY by one update.

A worker that starts again after a death removes the rows that the dead one left, and overwrites its files.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from datasets.archive.zip_archive import Archive
from datasets.formats import catalog, pictures_alone
from datasets.formats.common.samples import Found
from datasets.importing.repaired_pictures import RepairedPictures, opened_archive
from datasets.importing.sample_to_record import usable_boxes
from datasets.importing.to_frames.frame_leases import FrameLease
from datasets.importing.to_frames.frame_rows import NewFrame, remove_frames, shared_size, write_frames
from datasets.label_names import checked, renamed
from datasets.no_boxes import no_boxes
from datasets.reasons import Code
from datasets.refusals import DatasetRefused
from datasets.repairs import Entry, Kind, Repairs
from datasets.tfrecords import Box
from ftcml.core.files import storage
from ftcml.core.files.natural_order import natural_key
from videos.decoding.repeats import near_duplicates
from videos.labeling import labels
from videos.models import Activity, Frame, Label, Video
from videos.reasons import Code as VideoCode
from videos.refusals import VideoRefused

_STORED_AT_ONCE = 8
_MAX_FILENAME = Frame._meta.get_field("filename").max_length or 0


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A frame whose JPEG waits in a file. `finished`: whether the archive says what is on it."""

    file: Path
    size: int
    filename: str
    width: int
    height: int
    fingerprint: str
    boxes: list[Box]
    finished: bool


@dataclass
class FramesToLabel:
    """Makes one video of an archive READY, which the caller holds.

    `folder` is for what is needed on the way. `progress` is called with (pictures done, pictures in all).
    """

    video: Video
    lease: FrameLease
    folder: Path
    progress: Callable[[int, int], None]
    repairs: Repairs = field(default_factory=Repairs)
    _format: str = field(default="", init=False)

    def run(self) -> None:
        """Raises DatasetRefused or VideoRefused, or LeaseLost when the video is no longer ours.

        An archive that is refused keeps its repairs: they say more of what is wrong with it than one sentence.
        """
        try:
            self._take_in()
        except (DatasetRefused, VideoRefused):
            self.lease.write(repairs=self.repairs.entries())
            raise

    def _entries(self) -> list[Entry]:
        """The repairs. Pictures that a dataset would do without are here, to be labeled."""
        skipped = (Kind.FRAME_SKIPPED, Kind.UNCLEAR)
        return [
            {**entry, "kind": Kind.LEFT_UNLABELED} if entry["kind"] in skipped else entry
            for entry in self.repairs.entries()
        ]

    def _take_in(self) -> None:
        remove_frames(self.video, self.lease.transaction)
        frames = sorted(self._repaired(), key=lambda frame: natural_key(frame.filename))
        if not frames:
            raise no_boxes(self.repairs)
        names = self._names(frames)
        self._store(frames)
        write_frames(self._rows(frames), self._labels(names), self.lease.transaction)
        self._finish(frames)

    def _repaired(self) -> Iterator[_Waiting]:
        upload = self.video.uploads.first()
        if upload is None:
            raise VideoRefused(VideoCode.FILES_MISSING)
        with opened_archive(upload.stored_name, self.folder, self.lease) as archive:
            pictures = RepairedPictures(self.lease, self.progress, self.repairs)
            for number, (sample, picture) in enumerate(pictures.of(self._found(archive)), start=1):
                boxes = usable_boxes(sample, picture, self.repairs)
                file = self.folder / f"{number}.jpg"
                file.write_bytes(picture.jpeg)
                # Where no box could be used, a person must draw them: the frame shows an object.
                finished = sample.is_annotated and bool(boxes or not sample.objects)
                yield _Waiting(
                    file, len(picture.jpeg), sample.filename, *picture.size, picture.fingerprint, boxes, finished
                )

    def _found(self, archive: Archive) -> Found:
        """What the archive holds; its pictures alone where it has no annotations."""
        try:
            known = catalog.FORMATS.get(self.video.archive_format) or catalog.detect(archive)
        except DatasetRefused as refusal:
            if refusal.reason.code != Code.NOTHING_UNDERSTOOD:
                raise
            return pictures_alone.read(archive)
        self._format = known.key
        return pictures_alone.with_the_rest(known.read(archive, self.repairs), archive)

    def _names(self, frames: list[_Waiting]) -> dict[str, str]:
        """The names of labels by what the archive calls them. Raises DatasetRefused."""
        boxes = Counter(box.label for frame in frames for box in frame.boxes)
        changed = renamed(boxes, merges_capitals=False, repairs=self.repairs)
        names = {label: changed.get(label, label) for label in boxes}
        if names:  # pictures alone are frames to label, too
            checked(set(names.values()), self.repairs)
        return names

    def _labels(self, names: dict[str, str]) -> dict[str, Label]:
        """The team's labels by what the archive calls them. Raises VideoRefused."""
        found = labels.named(self.video.team, sorted(set(names.values()))) if names else {}
        return {label: found[name] for label, name in names.items()}

    def _store(self, frames: list[_Waiting]) -> None:
        """Store the pictures, which leave the folder. Several at a time: a storage elsewhere answers late."""
        stored = [self.video.picture_name(number) for number in range(len(frames))]
        with ThreadPoolExecutor(_STORED_AT_ONCE) as pool:
            for _ in pool.map(storage.move, stored, [frame.file for frame in frames]):
                self.lease.beat()

    def _rows(self, frames: list[_Waiting]) -> Iterator[NewFrame]:
        """The rows of the frames, each made when it is asked for."""
        earlier = near_duplicates(frame.fingerprint for frame in frames)
        for number, frame in enumerate(frames):
            row = Frame(
                video=self.video,
                number=number,
                filename=frame.filename[-_MAX_FILENAME:],
                picture_name=self.video.picture_name(number),
                width=frame.width,
                height=frame.height,
                fingerprint=frame.fingerprint,
                near_duplicate_of=earlier[number],
                finished=frame.finished,
            )
            yield row, frame.boxes

    def _finish(self, frames: list[_Waiting]) -> None:
        with self.lease.transaction():
            Activity.objects.create(video=self.video, action=Activity.Action.EXTRACTED, params={"frames": len(frames)})
            self.lease.release(
                state=Video.State.READY,
                archive_format=self._format,
                repairs=self._entries(),
                frames_in_video=len(frames),
                frames_done=len(frames),
                frames_total=len(frames),
                picture_bytes=sum(frame.size for frame in frames),
                **shared_size((frame.width, frame.height) for frame in frames),
            )
