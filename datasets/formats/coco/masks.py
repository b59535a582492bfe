"""The box around a mask of runs (RLE), as COCO has them: lengths of runs without and with the object by turns, column
after column."""

from itertools import accumulate
from typing import TypeGuard

Corners = tuple[float, float, float, float]

# A digit of the letters that runs are packed into has five bits, and a sixth that says whether another follows.
_FIRST_LETTER, _BITS, _MORE, _SIGN = 48, 5, 0x20, 0x10
# A longer number is none that a picture needs.
_MOST_DIGITS = 8


def box_around(mask: object) -> Corners | None:
    """The box around `{"counts": …, "size": [height, width]}`; None for anything else, and for an empty mask."""
    if not isinstance(mask, dict):
        return None
    counts, size = mask.get("counts"), mask.get("size")
    runs = _unpacked(counts) if isinstance(counts, str) else counts
    if not _are_whole(runs) or not _are_whole(size) or len(size) != 2 or size[0] < 1 or size[1] < 1:
        return None
    height, width = size
    ends = list(accumulate(runs))
    if not ends or ends[-1] > height * width:
        return None
    painted = [(start, end - 1) for start, end in zip(ends[0::2], ends[1::2], strict=False) if end > start]
    if not painted:
        return None
    is_tall = [first // height != last // height for first, last in painted]
    top = min(0 if tall else first % height for (first, _), tall in zip(painted, is_tall, strict=True))
    bottom = max(height - 1 if tall else last % height for (_, last), tall in zip(painted, is_tall, strict=True))
    return painted[0][0] // height, top, painted[-1][1] // height + 1, bottom + 1


def _are_whole(numbers: object) -> TypeGuard[list[int]]:
    return isinstance(numbers, list) and all(type(number) is int and number >= 0 for number in numbers)


def _unpacked(text: str) -> list[int] | None:
    """The runs of a packed mask; from the third on each is stored as its difference from the one before the last."""
    runs: list[int] = []
    number = digits = 0
    for letter in text:
        digit = ord(letter) - _FIRST_LETTER
        if not 0 <= digit < 2 * _MORE or digits == _MOST_DIGITS:
            return None
        number |= (digit & (_MORE - 1)) << (_BITS * digits)
        digits += 1
        if digit & _MORE:
            continue
        if digit & _SIGN:
            number -= 1 << (_BITS * digits)
        runs.append(number + (runs[-2] if len(runs) > 2 else 0))
        number = digits = 0
    return runs
