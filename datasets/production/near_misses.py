"""Labels that may mean the same: "duck", "Duck" and "dcuk"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

# In shorter names, one other letter makes another word: "red" and "bed".
_SHORTEST = 4
# In names from this length on, two slips are still slips.
_LONG = 9
_DIGITS = re.compile(r"\d+")
_BETWEEN_WORDS = re.compile(r"[\s_\-.]+")


@dataclass(frozen=True)
class NearMiss:
    """`label` may be a slip for `usual`, which has more boxes."""

    label: str
    usual: str


def near_misses(boxes: Mapping[str, int]) -> list[NearMiss]:
    """Return the labels that are hardly different from a more frequent one. `boxes`: how many each label has."""
    by_use = sorted(boxes, key=lambda label: (-boxes[label], label))
    found = []
    for place, label in enumerate(by_use):
        if usual := next((other for other in by_use[:place] if is_near(label, other)), None):
            found.append(NearMiss(label, usual))
    return found


def is_near(one: str, other: str) -> bool:
    """Return whether the names differ by capitals and spaces alone, or by a slip or two. Numbers are no slips."""
    if _DIGITS.findall(one) != _DIGITS.findall(other):
        return False
    one, other = (_BETWEEN_WORDS.sub("", name.casefold()) for name in (one, other))
    if one == other:
        return True
    shorter = min(len(one), len(other))
    return shorter >= _SHORTEST and _slips(one, other, 2 if shorter >= _LONG else 1)


def _slips(one: str, other: str, most: int) -> bool:
    """Return whether so many slips lead from one name to the other: a letter too many, missing, wrong, or two swapped.

    That is the Damerau-Levenshtein distance where no letter is touched twice.
    """
    if abs(len(one) - len(other)) > most:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, start=1):
        earlier, before, row = before, row, [place]
        for column, its in enumerate(other, start=1):
            cost = min(before[column] + 1, row[-1] + 1, before[column - 1] + (letter != its))
            if earlier and column > 1 and letter == other[column - 2] and one[place - 2] == its:
                cost = min(cost, earlier[column - 2] + 1)
            row.append(cost)
        if min(row) > most and min(before) > most:
            return False
    return row[-1] <= most
