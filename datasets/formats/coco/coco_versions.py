"""Which COCO files are versions of the same work, and what becomes of an older one's boxes.

Shared work looks alike: of two files about the same pictures, each may be about one half of the pictures or one label.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cmp_to_key
from itertools import combinations

from datasets.formats.coco.coco_listings import Drawing, Listing
from datasets.formats.common.file_ages import Age
from datasets.reasons import Code
from datasets.refusals import DatasetRefused

# Each file is compared with all others about its picture.
_MOST_FILES = 50


class Fate(Enum):
    """What becomes of the boxes of one of two listings of a picture. CONTRADICTED: none is the newer."""

    JOINED = auto()
    REPLACED = auto()
    UNCLEAR = auto()
    CONTRADICTED = auto()


@dataclass(slots=True)
class _Pair:
    """Of the pictures that two files list: how many both mark, how many of these with a label or a place in common,
    and how many each file marks alone."""

    both: int = 0
    alike: int = 0
    alone: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def is_one_work(self) -> bool:
        """Whether most of the pictures that one of them marks are marked alike in the other."""
        return self.alike > 0 and 2 * self.alike >= self.both + min(self.alone.values(), default=0)


class Versions:
    """The files of a set, compared by the pictures that several of them list."""

    def __init__(
        self,
        found: Iterable[tuple[str, list[Listing]]],
        age_of: Callable[[str], Age],
        labels_of: Callable[[str], frozenset[str]],
    ) -> None:
        """Compare the files. Raises DatasetRefused where too many list a picture.

        Args:
            found: pictures, and what each file says of them.
            age_of: the age of a file.
            labels_of: the labels that a file knows, also those without boxes.
        """
        self._age_of = age_of
        self._labels_of = labels_of
        self._pairs: dict[tuple[str, str], _Pair] = defaultdict(_Pair)
        self._drawn: set[str] = set()
        for picture, listings in found:
            if len(listings) > _MOST_FILES:
                raise DatasetRefused(Code.TOO_MANY_LISTINGS, most=_MOST_FILES, picture=picture)
            self._drawn.update(listing.file for listing in listings if listing.objects or listing.crowds)
            if len(listings) > 1:
                for one, other in combinations(map(Drawing, listings), 2):
                    _compare(self._pair(one, other), one, other)

    def newest_first(self, listings: list[Listing]) -> list[Listing]:
        """The listings by their age, as far as it is known."""
        return sorted(listings, key=cmp_to_key(self._which_first))

    def _which_first(self, one: Listing, other: Listing) -> int:
        ages = self._age_of(one.file), self._age_of(other.file)
        return ages[1].is_newer_than(ages[0]) - ages[0].is_newer_than(ages[1])

    def fate(self, one: Drawing, other: Drawing) -> Fate:
        """What becomes of the boxes of `other`, beside a listing that isn't known to be older."""
        if self._age_of(one.file).is_newer_than(self._age_of(other.file)):
            return self._of_older(one, other)
        both_ways = {self._of_older(one, other), self._of_older(other, one)}
        if both_ways == {Fate.JOINED} or not {one.file, other.file} <= self._drawn:
            return Fate.JOINED
        return Fate.CONTRADICTED if one.labels & other.labels else Fate.UNCLEAR

    def _of_older(self, newer: Drawing, older: Drawing) -> Fate:
        if not older.is_drawn or (newer.is_drawn and newer.boxes == older.boxes):
            return Fate.JOINED
        if newer.labels & older.labels:
            return Fate.REPLACED
        if newer.places.isdisjoint(older.places) and not older.labels <= self._labels_of(newer.file):
            return Fate.JOINED
        if not newer.is_drawn:
            return self._of_emptied(newer, older)
        return Fate.REPLACED if self._is_version(newer, older) else Fate.JOINED

    def _of_emptied(self, newer: Drawing, older: Drawing) -> Fate:
        """Of a picture on which the newer file marks nothing: its boxes were deleted, or it was another person's."""
        if newer.file not in self._drawn:
            return Fate.UNCLEAR
        pair = self._pair(newer, older)
        if not self._is_version(newer, older) or pair.alone[older.file] > pair.alike:
            return Fate.JOINED
        return Fate.UNCLEAR if pair.alone[newer.file] else Fate.REPLACED

    def _is_version(self, newer: Drawing, older: Drawing) -> bool:
        """Files of different splits are parts of a set, unless one says that it is old."""
        is_of_split = newer.split == older.split or self._age_of(older.file).says_old
        return is_of_split and self._pair(newer, older).is_one_work

    def _pair(self, one: Drawing, other: Drawing) -> _Pair:
        return self._pairs[min(one.file, other.file), max(one.file, other.file)]


def _compare(pair: _Pair, one: Drawing, other: Drawing) -> None:
    if one.is_drawn and other.is_drawn:
        pair.both += 1
        pair.alike += bool(one.labels & other.labels) or not one.places.isdisjoint(other.places)
    else:
        pair.alone[one.file] += one.is_drawn
        pair.alone[other.file] += other.is_drawn
