"""Why a training cannot go on: the causes, and their words for a student; and how a full disk is known.

Pure Python.
"""

import errno
import os
from collections.abc import Mapping
from enum import StrEnum, unique

Param = str | int | float

# What the system says where nothing more can be written: no space, no quota, no larger file allowed.
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@unique
class Cause(StrEnum):
    """Why a training cannot go on. Trying again would change nothing.

    A code is kept in databases: it keeps its spelling for good.
    """

    NO_LABEL = "no_label"
    NO_TRAINING_FRAME = "no_training_frame"
    NO_BOX = "no_box"
    UNKNOWN_LABEL = "unknown_label"
    UNREADABLE = "unreadable"
    FRAMES_ARE_MISSING = "frames_are_missing"
    DIVERGED = "diverged"
    DISK_IS_FULL = "disk_is_full"
    NO_MEMORY = "no_memory"
    NO_GPU = "no_gpu"
    NO_TPU = "no_tpu"
    WEIGHTS_ARE_GONE = "weights_are_gone"
    UNKNOWN_MODEL = "unknown_model"
    NO_ORDER = "no_order"
    UNCLEAR_ORDER = "unclear_order"
    OTHER_FORMAT = "other_format"
    LESS_THAN_ONE = "less_than_one"
    NO_PARENT = "no_parent"
    PROGRAM_ERROR = "program_error"


# Each says what happened and what to do. `support`: whom to ask; a server says it with its own name for them.
WORDS: dict[Cause, str] = {
    Cause.NO_LABEL: "The dataset has no labels, so there's nothing to learn. Label some frames first.",
    Cause.NO_TRAINING_FRAME: "There are no training frames, so there's nothing to learn. Add labeled frames first.",
    Cause.NO_BOX: "No training frame has a box, so there's nothing to learn. Label some frames first.",
    Cause.UNKNOWN_LABEL: "A frame has a label that isn't in the dataset's list. Import the dataset again.",
    Cause.UNREADABLE: "The dataset's files can't be read: {why}. Import the dataset again.",
    Cause.FRAMES_ARE_MISSING: (
        "The dataset should have {expected:,} frames, but its files have {found:,}. Import the dataset again."
    ),
    Cause.DIVERGED: (
        "Training went wrong at step {step:,}: the loss is no longer a number. "
        "Look for wrong boxes in the dataset, then train again."
    ),
    Cause.DISK_IS_FULL: "The server's disk is full. Ask {support} to make room, then train again.",
    Cause.NO_MEMORY: "The server has too little memory for this training. Use fewer frames, or ask {support}.",
    Cause.NO_GPU: "This server should train on a GPU, but has none. Tell {support}.",
    Cause.NO_TPU: "This server should train on a TPU, but can't reach one. Tell {support}.",
    Cause.WEIGHTS_ARE_GONE: "This training began with {weights}, which this server no longer has. Tell {support}.",
    Cause.UNKNOWN_MODEL: "This trainer doesn't know the starting model {model}.",
    Cause.NO_ORDER: "There is no job.json in {folder}.",
    Cause.UNCLEAR_ORDER: "The job.json can't be read: {why}.",
    Cause.OTHER_FORMAT: "The job.json has format {found}, but this trainer knows format {known}.",
    Cause.LESS_THAN_ONE: "Steps, batch size, checkpoint interval and devices must be at least 1.",
    Cause.NO_PARENT: "The job.json begins at step {step:,}, but names no weights to begin with.",
    Cause.PROGRAM_ERROR: (
        "Training ended with an error in the program ({error}). Show the training's log to {support}."
    ),
}

# The param of a cause that says up to which step a training had learned, and what is said of it.
KEPT_STEP = "kept_step"
KEPT = "You keep what it learned up to step {kept_step:,}."


def words(cause: str, params: Mapping[str, Param]) -> str:
    """Return the sentences for a cause, "" for one that this version does not know."""
    if cause not in WORDS:
        return ""
    kept = f" {KEPT}" if KEPT_STEP in params else ""
    return f"{WORDS[Cause(cause)]}{kept}".format(support="the operator", **params)


class TrainingFailed(Exception):
    """Training cannot go on. str() is a sentence that says what happened and what to do."""

    def __init__(self, cause: Cause, **params: object) -> None:
        self.cause = cause
        self.params: dict[str, Param] = {
            name: value if isinstance(value, int | float) else str(value) for name, value in params.items()
        }
        super().__init__(words(cause, self.params))


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
