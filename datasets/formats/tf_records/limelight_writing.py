"""Writes the zip that Limelight's online trainer takes: the folders train and valid, each with its shard and label map.

The trainer finds a file by its ending and by "train" or "valid" in its path, so nothing else in a path may say so.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from datasets.formats.common.samples import Sample
from datasets.formats.common.written_files import FileContent
from datasets.formats.tf_records.tf_examples import record_bytes
from datasets.split import Split
from datasets.tfrecords import label_map_text

_FOLDERS = {Split.TRAINING: "train", Split.EVALUATION: "valid"}


def write(samples: Iterable[Sample], labels: list[str]) -> Iterator[tuple[str, Iterable[bytes]]]:
    """The files of a set. The pictures must be JPEG.

    The trainer wants both folders, so where one side has no frames it gets those of the other.
    """
    ids = {label: number for number, label in enumerate(labels, start=1)}
    with TemporaryDirectory() as folder:
        shards: dict[Split, Path] = {}
        for sample in samples:
            split = sample.split or Split.TRAINING
            shard = shards.setdefault(split, Path(folder) / split)
            with shard.open("ab") as file:
                file.write(record_bytes(sample, ids))
        for split, name in _FOLDERS.items():
            yield f"{name}/frames_label_map.pbtxt", [label_map_text(labels).encode()]
            for shard in [shards[split]] if split in shards else shards.values():
                yield f"{name}/frames.tfrecord", FileContent(shard)
