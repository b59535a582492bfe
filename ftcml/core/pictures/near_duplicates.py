"""Pictures that look almost alike: a fingerprint of each, and which of two splits' pictures are near to each other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import imagehash
import numpy as np
from PIL import Image

# Bits of a fingerprint: whether it gets brighter from left to right, at 16 places across and 16 down.
_PLACES = 16
BITS = _PLACES * _PLACES
# Stands in place of the fingerprint of a picture that cannot be read any more.
UNREADABLE = "unreadable"

# So many bits may differ: one in eight. A picture stored again, at half the size or brighter by 15% changes no more;
# different pictures differ in twice as many (`make bench BENCH=near_duplicates`, docs/contributors/datasets.md).
NEAR = 32
# The pairs that are named; the others are counted.
MOST_NAMED = 20

# Averages of whole blocks of pixels, which cost little, bring each side to between this and its double beforehand.
_SMALL = 64
_AT_ONCE = 1024
_LIKENESS_WHEN_NEAR = BITS - 2 * NEAR


@dataclass(frozen=True)
class Pair:
    """An evaluation frame and the training frame most like it, by their numbers; `distance` in bits of BITS."""

    evaluation: int
    training: int
    distance: int


@dataclass(frozen=True)
class NearDuplicates:
    """`pairs`: of an evaluation and a training frame, in all; `frames`: evaluation frames in at least one of them.

    `closest`: at most MOST_NAMED of those frames with their nearest, the nearest first.
    """

    pairs: int
    frames: int
    closest: list[Pair]


def fingerprint(picture: Image.Image) -> str:
    """How a picture in gray or color looks, as hexadecimal digits; alike pictures differ in few of their bits."""
    small = picture.convert("L").reduce((max(picture.width // _SMALL, 1), max(picture.height // _SMALL, 1)))
    return np.packbits(imagehash.dhash(small, _PLACES).hash).tobytes().hex()


def find(training: Sequence[str], evaluation: Sequence[str], heartbeat: Callable[[], object]) -> NearDuplicates:
    """The near-duplicates across the split, for the fingerprints of each side's frames in the order of their numbers.

    Frames without a fingerprint are like none. Every pair is compared, by matrix products of blocks of equal size: the
    memory does not grow with the frames, nor the time with how many are alike. `heartbeat` is called all the while.
    """
    train_bits, train_numbers = _bits(training)
    eval_bits, eval_numbers = _bits(evaluation)
    likeness_of_best = np.full(len(eval_bits), -np.inf)
    partner = np.zeros(len(eval_bits), dtype=int)
    pairs = 0
    for row in range(0, len(eval_bits), _AT_ONCE):
        heartbeat()
        rows = slice(row, row + _AT_ONCE)
        ours = _signs(eval_bits[rows])
        for column in range(0, len(train_bits), _AT_ONCE):
            likeness = ours @ _signs(train_bits[column : column + _AT_ONCE]).T
            pairs += int(np.count_nonzero(likeness >= _LIKENESS_WHEN_NEAR))
            best = likeness.argmax(axis=1)
            most = likeness[np.arange(len(best)), best]
            is_more = most > likeness_of_best[rows]
            partner[rows][is_more] = column + best[is_more]
            likeness_of_best[rows][is_more] = most[is_more]
    order = np.argsort(-likeness_of_best, kind="stable")[:MOST_NAMED]
    closest = [
        Pair(int(eval_numbers[place]), int(train_numbers[partner[place]]), int(BITS - likeness_of_best[place]) // 2)
        for place in order
        if likeness_of_best[place] >= _LIKENESS_WHEN_NEAR
    ]
    return NearDuplicates(pairs, int(np.count_nonzero(likeness_of_best >= _LIKENESS_WHEN_NEAR)), closest)


def _bits(fingerprints: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """The known fingerprints as bytes, shape (n, BITS / 8), and the places that they had, shape (n,)."""
    known = [(place, text) for place, text in enumerate(fingerprints) if text not in ("", UNREADABLE)]
    joined = b"".join(bytes.fromhex(text) for _, text in known)
    bits = np.frombuffer(joined, dtype=np.uint8).reshape(len(known), BITS // 8)
    return bits, np.array([place for place, _ in known], dtype=int)


def _signs(packed: np.ndarray) -> np.ndarray:
    """Bits as +1 and -1. The product of two such rows, their likeness, is BITS less twice the bits that differ."""
    return np.unpackbits(packed, axis=1).astype(np.float32) * 2 - 1
