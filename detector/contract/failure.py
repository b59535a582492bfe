"""Why a training cannot go on, in the words that a student reads; and the error that is nobody's fault: a full disk.

Pure Python.
"""

import errno
import os
import re
from enum import StrEnum, unique
from functools import cache

# What the system says where nothing more can be written: no space, no quota, no larger file allowed.
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Sentence(StrEnum):
    """A kind of event, and what is said about it. The words in braces differ from one event to the next."""

    def with_words(self, **words: object) -> str:
        return self.value.format(**words)

    def is_in(self, text: str) -> bool:
        """Whether `text` says this, whatever its own words: how the kind is known again from what was kept of it."""
        return _pattern(self.value).search(text) is not None


@cache
def _pattern(sentence: str) -> re.Pattern[str]:
    return re.compile(".*?".join(map(re.escape, re.split(r"{\w+}", sentence))), re.DOTALL)


@unique
class Cause(Sentence):
    """Each says what happened and what to do. Trying again would change nothing."""

    NO_LABEL = "The dataset has no label, so there is nothing to learn. Label some frames first."
    NO_TRAINING_FRAME = "The dataset has no training frame, so there is nothing to learn. Add labelled frames first."
    NO_BOX = "No training frame has a box, so there is nothing to learn. Label some frames first."
    UNKNOWN_LABEL = "The dataset has a label that is not in its label list. Produce the dataset again."
    UNREADABLE = "The dataset's files cannot be read: {why}. Produce the dataset again."
    FRAMES_ARE_MISSING = (
        "The dataset should have {expected} frames, and its files have {found}. Produce the dataset again."
    )
    DIVERGED = (
        "Training went wrong at step {step}: the loss is not a number any more. "
        "Look for wrong boxes in the dataset, then train again."
    )
    DISK_IS_FULL = "The server's disk is full. Ask whoever runs it to make room, then train again."
    NO_MEMORY = "The server has too little memory for this training. Ask whoever runs it, or use fewer frames."
    NO_GPU = "This server was told to train on a GPU, and it has none. Ask whoever runs it."
    NO_TPU = "This server was told to train on a TPU and cannot reach one. Ask whoever runs it."
    WEIGHTS_ARE_GONE = "This job started from {weights}, which this server has no longer. Ask whoever runs it."
    UNKNOWN_MODEL = "There is no starting model {model}: this trainer does not know it."
    NO_ORDER = "There is no job.json in {folder}."
    UNCLEAR_ORDER = "The job.json cannot be understood: {why}."
    OTHER_FORMAT = "The job.json is of format {found}; this trainer knows format {known}."
    LESS_THAN_ONE = "Steps, batch size, checkpoint interval and devices must be at least 1."
    NO_PARENT = "The job.json begins at step {step}, and nothing says with which weights."
    PROGRAM_ERROR = (
        "Training ended by an error in the program ({error}). "
        "The job's log tells more: show it to whoever runs the server."
    )


class TrainingFailed(Exception):
    """Training cannot go on. str() is a sentence that says what happened and what to do."""

    def __init__(self, cause: Cause, **words: object) -> None:
        super().__init__(cause.with_words(**words))


class Diverged(TrainingFailed):
    """The network's numbers have left what can be computed with. What was saved before is good."""

    def __init__(self, step: int) -> None:
        super().__init__(Cause.DIVERGED, step=step)


def is_full_disk(error: Exception) -> bool:
    """Whether `error` says that nothing more can be written.

    TensorFlow raises ResourceExhaustedError then, as for too little memory, or OutOfRangeError: its message tells.
    """
    if isinstance(error, OSError):
        return error.errno in _NO_ROOM
    return any(os.strerror(number) in str(error) for number in _NO_ROOM)
