"""The slow part of an import: from the uploaded archive to shards, frames and their rows.

1. Mend every picture into a folder of this process, keeping its boxes in memory. All cores decode and encode.
2. Split, which needs to know how many frames there are.
3. Write shards and frames to the storage, below the dataset's prefix; what is stored leaves the folder.
4. Write their rows, in short transactions, for others write as well. Look at what they come to.
5. Make the dataset READY by one update: nobody sees a part of an import.

An import that starts again after a death removes the rows that the dead one left, does the same once more, and
overwrites its files.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from django.conf import settings

from datasets.archive.zip_archive import Archive, UnreadableFile, too_much_unpacked
from datasets.formats import catalog
from datasets.formats.common.samples import Found, Sample
from datasets.importing.decoding import upright_pictures
from datasets.importing.import_leases import Lease
from datasets.importing.row_removal import ROWS_AT_ONCE, remove_rows
from datasets.importing.sample_to_record import mend
from datasets.inspection.findings import Inspection, Tally, mark
from datasets.label_names import checked, renamed
from datasets.models import Dataset, Frame, Shard, SplitCounts
from datasets.pictures.upright import TooLargePicture, UndecodablePicture, UprightPicture
from datasets.reasons import Code, Note, Reason
from datasets.refusals import DatasetRefused
from datasets.repairs import Kind, Repairs
from datasets.split import Split
from datasets.tfrecords import FRAMES_PER_SHARD, Record, label_map_text, shard_name, write_shard
from ftcml.core.files import storage

_STORED_AT_ONCE = 8
_MAX_FILENAME = Frame._meta.get_field("filename").max_length or 0
# More than one picture in so many that cannot be read, and the set is refused.
_ONE_IN = 10


@dataclass(frozen=True, slots=True)
class _Mended:
    """A frame whose JPEG waits in a file, so that few pictures at a time are in memory."""

    file: Path
    record: Record
    split: Split | None

    def whole(self) -> Record:
        return replace(self.record, jpeg=self.file.read_bytes())


@dataclass
class Import:
    """Makes one PRODUCING dataset READY.

    `folder` is for what is needed on the way. `progress` is called with (pictures done, pictures in all).
    """

    dataset: Dataset
    lease: Lease
    folder: Path
    progress: Callable[[int, int], None]
    repairs: Repairs = field(default_factory=Repairs)
    _format: str = field(default="", init=False)

    def run(self) -> None:
        """Raises DatasetRefused, or LeaseLost when the dataset is no longer ours.

        A set that is refused keeps its repairs: they say more of what is wrong with it than one sentence.
        """
        try:
            self._make()
        except DatasetRefused:
            self.lease.write(repairs=self.repairs.entries())
            raise

    def _make(self) -> None:
        remove_rows(self.dataset, self.lease.transaction)
        frames = self._named_frames()
        labels = checked({box.label for frame in frames for box in frame.record.boxes}, self.repairs)
        own = own_split(frames) if self.dataset.keeps_split else None
        places = own or split(len(frames), self.dataset.eval_percent, self.dataset.split_seed)
        by_split = {name: [f for f, place in zip(frames, places, strict=True) if place == name] for name in Split}
        shards = [shard for name, chosen in by_split.items() for shard in self._stored(name, chosen, labels)]
        self._store(self.dataset.label_map_name, label_map_text(labels).encode())
        inspection = self._write_rows(shards, by_split, labels)
        self.lease.write(
            state=Dataset.State.READY,
            archive_format=self._format,
            keeps_split=bool(own),
            labels=labels,
            counts={name.value: counts(chosen, labels) for name, chosen in by_split.items()},
            repairs=self.repairs.entries(),
            import_lease_until=None,
            **inspection.stored(),
        )

    def _write_rows(self, shards: list[Shard], by_split: dict[Split, list[_Mended]], labels: list[str]) -> Inspection:
        """Write the rows of shards and frames, some at a time, and say what the frames come to."""
        with self.lease.transaction():
            Shard.objects.bulk_create(shards, batch_size=ROWS_AT_ONCE)
        tally = Tally(labels)
        rows = self._rows(by_split, labels)
        while batch := list(islice(rows, ROWS_AT_ONCE)):
            for row in batch:
                tally.add(row)
            with self.lease.transaction():
                Frame.objects.bulk_create(batch)
        return tally.inspection(heartbeat=self.lease.beat)

    def _named_frames(self) -> list[_Mended]:
        """The frames, with the names that their labels get."""
        frames = self._mended_frames()
        boxes = Counter(box.label for frame in frames for box in frame.record.boxes)
        names = renamed(boxes, self.dataset.merges_labels, self.repairs)
        return [with_names(frame, names) for frame in frames] if names else frames

    def _mended_frames(self) -> list[_Mended]:
        try:
            path = storage.local_path(self.dataset.archive_name, self.folder, self.lease.beat)
        except FileNotFoundError:
            raise DatasetRefused(Code.NO_ARCHIVE) from None
        with path.open("rb") as upload:
            archive = Archive(upload, heartbeat=self.lease.beat)
            known = catalog.FORMATS.get(self.dataset.archive_format) or catalog.detect(archive)
            self._format = known.key
            return list(self._mend_all(known.read(archive, self.repairs)))

    def _mend_all(self, found: Found) -> Iterator[_Mended]:
        room = settings.IMPORT_MAX_UNPACKED_BYTES
        with closing(upright_pictures(found.samples)) as pictures:
            for number, (sample, picture) in enumerate(pictures, start=1):
                if record := self._mended(sample, picture, found.total):
                    room -= len(record.jpeg)
                    if room < 0:
                        raise too_much_unpacked()
                    file = self.folder / f"{number}.jpg"
                    file.write_bytes(record.jpeg)
                    yield _Mended(file, replace(record, jpeg=b""), sample.split)
                self.lease.beat(frames_done=number, frames_total=found.total)
                self.progress(number, found.total)

    def _mended(self, sample: Sample, picture: Future[UprightPicture], of: int) -> Record | None:
        try:
            return mend(sample, picture.result(), self.repairs)
        except TooLargePicture:
            megapixels = settings.IMPORT_MAX_PIXELS / 1_000_000
            note = Reason(Note.TOO_MANY_PIXELS, {"megapixels": megapixels})
            self.repairs.add(Kind.PICTURE_TOO_LARGE, sample.filename, note)
            if self.repairs.files[Kind.PICTURE_TOO_LARGE] == of:
                raise DatasetRefused(Code.PICTURE_TOO_LARGE, file=sample.filename, megapixels=megapixels) from None
            return None
        except (UndecodablePicture, UnreadableFile):
            self.repairs.add(Kind.PICTURE_SKIPPED, sample.filename, Reason(Note.PICTURE_DAMAGED))
        broken = self.repairs.files[Kind.PICTURE_SKIPPED]
        if broken * _ONE_IN > of:
            raise DatasetRefused(Code.TOO_MANY_UNREADABLE, pictures=of, file=sample.filename)
        return None

    def _stored(self, name: Split, chosen: list[_Mended], labels: list[str]) -> Iterator[Shard]:
        """Store what training reads and the pictures that the pages show; yields the shards' rows.

        The pictures of one shard are stored while the next is written: a storage elsewhere answers late, not slowly. A
        picture that is stored leaves the folder: the disk holds each twice at most, here and in its shard.
        """
        starts = range(0, len(chosen), FRAMES_PER_SHARD)
        shard_file = self.folder / "shard.record"
        with ThreadPoolExecutor(_STORED_AT_ONCE) as pool:
            moving: Iterator[None] = iter(())
            for number, start in enumerate(starts):
                part = chosen[start : start + FRAMES_PER_SHARD]
                stored = f"{self.dataset.prefix}/{shard_name(name, number, len(starts))}"
                write_shard(shard_file, (frame.whole() for frame in part), labels)
                storage.put(stored, shard_file, self.lease.beat)
                self._finish(moving)
                names = [self.dataset.picture_name(name, place) for place in range(start, start + len(part))]
                moving = pool.map(storage.move, names, [frame.file for frame in part])
                yield Shard(dataset=self.dataset, split=name, number=number, frames=len(part), name=stored)
            self._finish(moving)

    def _finish(self, moving: Iterator[None]) -> None:
        for _ in moving:
            self.lease.beat()

    def _rows(self, by_split: dict[Split, list[_Mended]], labels: list[str]) -> Iterator[Frame]:
        """The rows of the frames, each made when it is asked for."""
        for name, chosen in by_split.items():
            for number, frame in enumerate(chosen):
                record = frame.record
                row = Frame(
                    dataset=self.dataset,
                    split=name,
                    number=number,
                    filename=record.filename[-_MAX_FILENAME:],
                    width=record.width,
                    height=record.height,
                    boxes=[{"label": b.label, "box": [b.ymin, b.xmin, b.ymax, b.xmax]} for b in record.boxes],
                    fingerprint=record.fingerprint,
                )
                mark(row, labels)
                yield row

    def _store(self, name: str, data: bytes) -> None:
        file = self.folder / "file"
        file.write_bytes(data)
        storage.put(name, file)


def own_split(frames: Sequence[_Mended]) -> list[Split] | None:
    """For each frame, where the archive puts it; None unless it has frames for training and for evaluation.

    Frames of which it says nothing are for training.
    """
    places = [frame.split or Split.TRAINING for frame in frames]
    return places if {frame.split for frame in frames} >= set(Split) else None


def split(frames: int, eval_percent: int, seed: int = 0) -> list[Split]:
    """For each frame in order, the split it goes to: the same for the same numbers, always.

    Where there are two frames and a percentage, each split gets at least one.
    """
    evaluation = (frames * eval_percent + 50) // 100
    if eval_percent and frames > 1:
        evaluation = min(max(evaluation, 1), frames - 1)
    chosen = set(random.Random(seed).sample(range(frames), evaluation))  # noqa: S311 - nothing secret
    return [Split.EVALUATION if number in chosen else Split.TRAINING for number in range(frames)]


def with_names(frame: _Mended, names: dict[str, str]) -> _Mended:
    """The frame with other names for its labels; boxes that become one by that count once."""
    boxes = [replace(box, label=names.get(box.label, box.label)) for box in frame.record.boxes]
    return replace(frame, record=replace(frame.record, boxes=list(dict.fromkeys(boxes))))


def counts(frames: list[_Mended], labels: list[str]) -> SplitCounts:
    """One split's part of `Dataset.counts`."""
    boxes = Counter(box.label for frame in frames for box in frame.record.boxes)
    return {
        "frames": len(frames),
        "negative_frames": sum(not frame.record.boxes for frame in frames),
        "label_counts": {label: boxes[label] for label in labels},
    }
