"""Sets of frames that benches train on, and their shards."""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from bench.server import settings
from datasets.formats.common.samples import PixelBox, Sample
from datasets.sample import scenes
from datasets.tfrecords import Box, Record, write_shard
from detector.contract import catalog
from detector.contract.spec import JobSpec
from videos.sample import pieces
from videos.sample.scenery import HEIGHT, WIDTH

EVAL_PERCENT = 20
# Three labels, up to 30 objects a frame, most of them far away: two in five of the boxes are small by COCO's measure.
CROWD = scenes.Cast(
    {"ball": pieces.ball, "cone": pieces.cone, "cube": pieces.cube}, others=(pieces.slab,), sizes=(10, 75)
)
_CROWD_OBJECTS = (8, 30)
CROWDED_FRAMES = 250


@dataclass(frozen=True)
class FrameSet:
    """Frames in memory. `labels`: sorted."""

    name: str
    records: list[Record]
    labels: list[str]

    def few(self, count: int, seed: int) -> tuple[list[Record], list[Record]]:
        """So many frames to train on, drawn by the seed, and all others held out."""
        order = np.random.default_rng(seed).permutation(len(self.records))
        return [self.records[place] for place in order[:count]], [self.records[place] for place in order[count:]]

    def split(self, seed: int) -> tuple[list[Record], list[Record]]:
        """Frames to train on and frames held out: the product's split, by another seed."""
        settings.use()
        from datasets.importing.import_archive import split
        from datasets.split import Split

        places = split(len(self.records), EVAL_PERCENT, seed)
        pairs = list(zip(self.records, places, strict=True))
        return [r for r, place in pairs if place == Split.TRAINING], [r for r, p in pairs if p == Split.EVALUATION]

    def write(self, folder: Path, seed: int = 0, training_frames: int | None = None) -> "Shards":
        """Write the two parts of a split, one shard each; with `training_frames`, that many are trained on."""
        training, evaluation = self.few(training_frames, seed) if training_frames else self.split(seed)
        folder.mkdir(parents=True, exist_ok=True)
        to_train, to_evaluate = folder / "training.record", folder / "evaluation.record"
        write_shard(to_train, training, self.labels)
        write_shard(to_evaluate, evaluation, self.labels)
        return Shards(self.labels, str(to_train), str(to_evaluate), len(training), len(evaluation))


@dataclass(frozen=True)
class Shards:
    """A set that was written: paths, and the number of frames in each file.

    `times`: a job reads the files so often, as if they were as many: a large set that takes no room on the disk.
    """

    labels: list[str]
    training: str
    evaluation: str
    training_frames: int
    evaluation_frames: int
    times: int = 1

    def repeated(self, times: int) -> "Shards":
        return replace(self, times=times)

    def job(self, model: str, steps: int, interval: int, batch_size: int | None = None, seed: int = 0) -> JobSpec:
        """A job on this set; with the batch size that the product would choose, if none is given."""
        chosen = batch_size or catalog.batch_size(
            catalog.starting_model(model), "cpu", self.training_frames * self.times
        )
        return JobSpec(
            starting_model=model,
            label_names=self.labels,
            training_shards=[self.training] * self.times,
            evaluation_shards=[self.evaluation] * self.times,
            training_frames=self.training_frames * self.times,
            evaluation_frames=self.evaluation_frames * self.times,
            batch_size=chosen,
            steps=steps,
            checkpoint_interval=interval,
            seed=seed,
            device="cpu",
        )


def from_zip(path: Path) -> FrameSet:
    """Return the frames of a Pascal VOC zip, repaired as by an import. Raises DatasetRefused for any other file."""
    settings.use()
    from datasets.archive.zip_archive import Archive
    from datasets.formats.voc import voc
    from datasets.importing.sample_to_record import record_of
    from datasets.repairs import Repairs
    from ftcml.core.pictures.upright import upright_jpeg

    repairs = Repairs()
    with path.open("rb") as stream:
        samples = voc.read(Archive(stream), repairs)
        repaired = [record_of(sample, upright_jpeg(sample.read()), repairs) for sample in samples.samples]
    records = [record for record in repaired if record]
    return FrameSet(path.stem, records, sorted({box.label for record in records for box in record.boxes}))


def sample(frames: int) -> FrameSet:
    """The product's own sample dataset."""
    from datasets.sample import sample_dataset as product

    return FrameSet("sample", [_record(one) for one in product.samples(frames)], sorted(scenes.LABELS))


def crowded(frames: int, seed: int = 0) -> FrameSet:
    """Rendered frames with several labels, many objects, and many small ones; the same for the same seed."""
    return FrameSet("crowded", list(_crowds(frames, seed)), sorted(CROWD.pieces))


def _crowds(frames: int, seed: int) -> Iterator[Record]:
    with ThreadPoolExecutor() as pool:
        yield from pool.map(partial(_crowd, seed), range(frames))


def _crowd(seed: int, number: int) -> Record:
    rng = np.random.default_rng([seed, number])
    least, most = _CROWD_OBJECTS
    picture, boxes = scenes.render(rng, int(rng.integers(least, most + 1)), CROWD)
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=88)
    return Record(f"crowd-{number:04d}.jpg", stream.getvalue(), WIDTH, HEIGHT, [_fractions(box) for box in boxes])


def _record(one: Sample) -> Record:
    return Record(one.filename, one.read(), WIDTH, HEIGHT, [_fractions(box) for box in one.boxes])


def _fractions(box: PixelBox) -> Box:
    return Box(box.label, box.ymin / HEIGHT, box.xmin / WIDTH, box.ymax / HEIGHT, box.xmax / WIDTH)
