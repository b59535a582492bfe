"""Where an archive itself puts its pictures: into training or evaluation."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from datasets.formats.common.picture_files import one_line
from datasets.reasons import Note, Param, Reason
from datasets.repairs import Kind, Repairs
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
_SHOWN_LETTERS = 100


@dataclass
class Entries:
    """What a file says of the split, line by line or place by place, and how much of it leads nowhere.

    `what`: the note that says so. `example`: the first that leads nowhere.
    """

    what: Note
    total: int = 0
    lost: int = 0
    example: str = ""
    is_damaged: bool = False

    def count(self, entry: str, leads_somewhere: bool) -> None:
        """Take in one entry."""
        self.total += 1
        if not leads_somewhere:
            self.lost += 1
            self.example = self.example or one_line(entry[:_SHOWN_LETTERS])

    def note(self, file: str, repairs: Repairs) -> None:
        """Say what leads nowhere: its pictures are split as if the file didn't say it."""
        if self.is_damaged:
            repairs.add(Kind.SPLIT_LOST, file, Reason(Note.SPLIT_LIST_DAMAGED))
        elif self.lost:
            told: dict[str, Param] = {"lost": self.lost, "total": self.total, "example": self.example}
            repairs.add(Kind.SPLIT_LOST, file, Reason(self.what, told))


def lines() -> Entries:
    """For a file that lists pictures, one a line."""
    return Entries(Note.SPLIT_LINES_LOST)


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
