"""Frames that hardly differ from an earlier one, as in a recording of a screen."""

from collections.abc import Sequence

import numpy as np

from ftcml.core.pictures.near_duplicates import BITS, NEAR


def near_duplicates(fingerprints: Sequence[str]) -> list[int | None]:
    """For each frame the number of the earlier one that it hardly differs from; None for a frame that is kept.

    Only frames that are kept are compared with, so that a slow pan isn't one long chain of duplicates.
    """
    signs = np.empty((len(fingerprints), BITS), np.float32)
    kept: list[int] = []
    found: list[int | None] = []
    for number, text in enumerate(fingerprints):
        own = np.unpackbits(np.frombuffer(bytes.fromhex(text), np.uint8)).astype(np.float32) * 2 - 1
        likeness = signs[: len(kept)] @ own
        if kept and likeness.max() >= BITS - 2 * NEAR:
            found.append(kept[int(likeness.argmax())])
        else:
            signs[len(kept)] = own
            kept.append(number)
            found.append(None)
    return found
