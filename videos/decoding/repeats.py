"""Frames that hardly differ from an earlier one, as in a recording of a screen."""

from collections.abc import Iterable

import numpy as np

from ftcml.core.pictures.near_duplicates import BITS, NEAR, UNREADABLE

_WORDS = BITS // 64


class Repeats:
    """Finds near-duplicates among frames as they come.

    Only frames that are kept are compared with, so that a slow pan isn't one long chain of duplicates.
    """

    def __init__(self) -> None:
        self._frames = 0
        self._kept: list[int] = []
        self._bits = np.empty((64, _WORDS), np.uint64)

    def add(self, fingerprint: str) -> int | None:
        """Return the number of the earlier frame that the next hardly differs from; None for a frame that is kept.

        A frame without a fingerprint is like none.
        """
        number, self._frames = self._frames, self._frames + 1
        if fingerprint in ("", UNREADABLE):
            return None
        own = np.frombuffer(bytes.fromhex(fingerprint), np.uint64)
        if self._kept:
            distances = np.bitwise_count(self._bits[: len(self._kept)] ^ own).sum(axis=1)
            nearest = int(distances.argmin())
            if distances[nearest] <= NEAR:
                return self._kept[nearest]
        if len(self._kept) == len(self._bits):
            self._bits = np.concatenate([self._bits, np.empty_like(self._bits)])
        self._bits[len(self._kept)] = own
        self._kept.append(number)
        return None


def near_duplicates(fingerprints: Iterable[str]) -> list[int | None]:
    """For each frame the number of the earlier one that it hardly differs from; None for a frame that is kept."""
    repeats = Repeats()
    return [repeats.add(fingerprint) for fingerprint in fingerprints]
