"""Numbers of frames, folded for a row: thousands of frames that follow each other take one pair of numbers."""

from collections.abc import Iterable
from itertools import groupby


def folded(numbers: Iterable[int]) -> list[list[int]]:
    """Return rising numbers as first and last of each run."""
    grouped = groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])
    found = [[number for _, number in run] for _, run in grouped]
    return [[run[0], run[-1]] for run in found]


def unfolded(stored: Iterable[list[int]]) -> set[int]:
    """Return the numbers that `folded` was given."""
    return {number for first, last in stored for number in range(first, last + 1)}
