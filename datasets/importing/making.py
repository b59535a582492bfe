"""From frames that wait in a folder to all that a READY dataset consists of: shards, pictures, rows and counts."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from datasets.importing.import_leases import Lease
from datasets.inspection.findings import Inspection, Tally, mark
from datasets.models import Dataset, Frame, FrameBox, Shard, SplitCounts
from datasets.split import Split
from datasets.tfrecords import FRAMES_PER_SHARD, Record, label_map_text, shard_name, write_shard
from ftcml.core.files import storage
from ftcml.core.work.row_removal import ROWS_AT_ONCE

_STORED_AT_ONCE = 8
_MAX_FILENAME = Frame._meta.get_field("filename").max_length or 0


@dataclass(frozen=True, slots=True)
class WaitingFrame:
    """A frame whose JPEG waits in a file, so that few pictures at a time are in memory.

    `stored_as`: where its picture is stored already, as a video's or another dataset's; it is fetched when its turn
    comes, and stays there. `source`: the key of the video's frame that it is made of.
    """

    file: Path
    record: Record
    split: Split | None
    stored_as: str = ""
    source: int | None = None

    def whole(self) -> Record:
        return replace(self.record, jpeg=self.file.read_bytes())

    def entries(self) -> list[FrameBox]:
        """The boxes as the frame's row has them."""
        return [{"label": b.label, "box": [b.ymin, b.xmin, b.ymax, b.xmax]} for b in self.record.boxes]


BySplit = dict[Split, list[WaitingFrame]]


@dataclass(frozen=True)
class Making:
    """Stores what a PRODUCING dataset consists of, which the caller holds. `folder` takes what is needed on the way.

    `progress` is called with how many frames each shard has that is stored.
    """

    dataset: Dataset
    lease: Lease
    folder: Path
    progress: Callable[[int], None] = lambda frames: None

    def store(self, by_split: BySplit, labels: list[str]) -> dict[str, Any]:
        """Write shards, pictures and rows, and return the fields that the dataset has once it is READY.

        Raises LeaseLost, and FileNotFoundError where a picture is lost that is stored elsewhere.
        """
        shards = [shard for name, chosen in by_split.items() for shard in self._stored(name, chosen, labels)]
        self._store(self.dataset.label_map_name, label_map_text(labels).encode())
        inspection = self._write_rows(shards, by_split, labels)
        return {
            "state": Dataset.State.READY,
            "labels": labels,
            "counts": counts_of(by_split, labels),
            "import_lease_until": None,
            **inspection.stored(),
        }

    def _write_rows(self, shards: list[Shard], by_split: BySplit, labels: list[str]) -> Inspection:
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

    def _stored(self, name: Split, chosen: list[WaitingFrame], labels: list[str]) -> Iterator[Shard]:
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
                self._finish(pool.map(_fetch, part))
                write_shard(shard_file, (frame.whole() for frame in part), labels)
                storage.put(stored, shard_file, self.lease.beat)
                self._finish(moving)
                names = [self.dataset.picture_name(name, place) for place in range(start, start + len(part))]
                moving = pool.map(_put_away, names, part)
                self.progress(len(part))
                yield Shard(dataset=self.dataset, split=name, number=number, frames=len(part), name=stored)
            self._finish(moving)

    def _finish(self, moving: Iterator[None]) -> None:
        for _ in moving:
            self.lease.beat()

    def _rows(self, by_split: BySplit, labels: list[str]) -> Iterator[Frame]:
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
                    boxes=frame.entries(),
                    fingerprint=record.fingerprint,
                    stored_as=frame.stored_as,
                    source_id=frame.source,
                )
                mark(row, labels)
                yield row

    def _store(self, name: str, data: bytes) -> None:
        file = self.folder / "file"
        file.write_bytes(data)
        storage.put(name, file)


def _fetch(frame: WaitingFrame) -> None:
    """Put the picture into its file where it is stored elsewhere. Raises FileNotFoundError where it is lost."""
    if frame.stored_as:
        storage.fetch(frame.stored_as, frame.file)


def _put_away(name: str, frame: WaitingFrame) -> None:
    """Store the picture under that name, or forget the copy of one that is stored elsewhere."""
    if frame.stored_as:
        frame.file.unlink()
    else:
        storage.move(name, frame.file)


def apart(frames: Sequence[WaitingFrame], places: Sequence[Split]) -> BySplit:
    """The frames by the split that each goes to."""
    return {name: [f for f, place in zip(frames, places, strict=True) if place == name] for name in Split}


def counts_of(by_split: BySplit, labels: list[str]) -> dict[str, SplitCounts]:
    """What `Dataset.counts` says of these frames."""
    return {name.value: _counts(chosen, labels) for name, chosen in by_split.items()}


def _counts(frames: list[WaitingFrame], labels: list[str]) -> SplitCounts:
    """One split's part of `Dataset.counts`."""
    boxes = Counter(box.label for frame in frames for box in frame.record.boxes)
    return {
        "frames": len(frames),
        "negative_frames": sum(not frame.record.boxes for frame in frames),
        "label_counts": {label: boxes[label] for label in labels},
    }
