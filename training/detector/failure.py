"""The exceptions whose text a student reads, and the error that is nobody's fault: a full disk. Pure Python."""

import errno
import os

DISK_IS_FULL = "The server's disk is full. Ask whoever runs it to make room, then train again."

# What the system says where nothing more can be written: no space, no quota, no larger file allowed.
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class TrainingFailed(Exception):
    """Training cannot go on. str() is a sentence that says what happened and what to do."""


class Diverged(TrainingFailed):
    """The network's numbers have left what can be computed with. What was saved before is good."""

    def __init__(self, step: int) -> None:
        super().__init__(
            f"Training went wrong at step {step}: the loss is not a number any more. "
            "Look for wrong boxes in the dataset, then train again."
        )


def is_full_disk(error: Exception) -> bool:
    """Whether `error` says that nothing more can be written.

    TensorFlow raises ResourceExhaustedError then, as for too little memory, or OutOfRangeError: its message tells.
    """
    if isinstance(error, OSError):
        return error.errno in _NO_ROOM
    return any(os.strerror(number) in str(error) for number in _NO_ROOM)
