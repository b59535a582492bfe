"""Where an archive itself puts its pictures: into training or evaluation."""

import re
from pathlib import PurePosixPath

from datasets.split import Split

# As tools name folders, list files and parts of file names. What is for a test is not for training.
_NAMES = {
    "train": Split.TRAINING,
    "training": Split.TRAINING,
    "trainset": Split.TRAINING,
    "val": Split.EVALUATION,
    "valid": Split.EVALUATION,
    "validation": Split.EVALUATION,
    "eval": Split.EVALUATION,
    "evaluation": Split.EVALUATION,
    "test": Split.EVALUATION,
    "testing": Split.EVALUATION,
}
_YEAR = re.compile(r"\d+$")
_SHARD_NUMBER = re.compile(r"-\d+-of-\d+(?=\.|$)")
_BETWEEN_WORDS = re.compile(r"[^a-z0-9]+")


def named_by(word: str) -> Split | None:
    """The split that a word stands for, such as `valid` or COCO's `train2017`."""
    return _NAMES.get(_YEAR.sub("", word.strip().lower()))


def of_path(path: str) -> Split | None:
    """The split that a file's path names: by a folder, the innermost first, else by the last word of the file's name.

    `set/train/images/1.jpg`, `cone_4_val.jpg`, `instances_train2017.json`.
    """
    *folders, name = PurePosixPath(path).parts
    last_word = _BETWEEN_WORDS.split(PurePosixPath(name.lower()).stem)[-1]
    return next(filter(None, map(named_by, [*folders[::-1], last_word])), None)


def of_shard(path: str) -> Split | None:
    """The same for a file of many pictures: by the last or the first word of its name, else by a folder.

    `cones_train.record`, `eval-00000-of-00010.tfrecord`, `set/valid/cones.tfrecord`.
    """
    *folders, name = PurePosixPath(path).parts
    words = _BETWEEN_WORDS.split(PurePosixPath(_SHARD_NUMBER.sub("", name.lower())).stem)
    return next(filter(None, map(named_by, [words[-1], words[0], *folders[::-1]])), None)
