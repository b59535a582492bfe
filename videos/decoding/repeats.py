"""Frames that hardly differ from an earlier one, as in a recording of a screen."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ftcml.core.pictures.near_duplicates import BITS, NEAR


class Repeats:
    """Finds near-duplicates among frames as they come.

    Only frames that are kept are compared with, so that a slow pan isn't one long chain of duplicates.
    """

    def __init__(self) -> None:
        self._frames = 0
        self._kept: list[int] = []
        self._signs: NDArray[np.float32] = np.empty((64, BITS), np.float32)

    def add(self, fingerprint: str) -> int | None:
        """Return the number of the earlier frame that the next hardly differs from; None for a frame that is kept."""
        number, self._frames = self._frames, self._frames + 1
        own = np.unpackbits(np.frombuffer(bytes.fromhex(fingerprint), np.uint8)).astype(np.float32) * 2 - 1
        likeness = self._signs[: len(self._kept)] @ own
        if self._kept and likeness.max() >= BITS - 2 * NEAR:
            return self._kept[int(likeness.argmax())]
        if len(self._kept) == len(self._signs):
            self._signs = np.concatenate([self._signs, np.empty_like(self._signs)])
        self._signs[len(self._kept)] = own
        self._kept.append(number)
        return None


def near_duplicates(fingerprints: Sequence[str]) -> list[int | None]:
    """For each frame the number of the earlier one that it hardly differs from; None for a frame that is kept."""
    repeats = Repeats()
    return [repeats.add(fingerprint) for fingerprint in fingerprints]
