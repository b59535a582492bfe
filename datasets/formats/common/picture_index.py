"""Finds files by a key and by what is known of their folders, however many files share the key."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

Folders = tuple[str, ...]

# So many of the last folders of a path tell files of one name apart.
_COMPARED_FOLDERS = 8
# Folders of one split have many names: pictures in valid/ may have their annotations in val/.
_SAME_FOLDER = {
    "training": "train",
    "trainset": "train",
    "valid": "val",
    "validation": "val",
    "eval": "val",
    "evaluation": "val",
    "testing": "test",
}
# So many are compared one by one with what further is known.
_COMPARED_FILES = 64


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known of the place of a picture that an annotation means.

    Args:
        endings: folders in which the picture's own path may end, the most telling first.
        beside: the folders of the annotation.
    """

    endings: tuple[Folders, ...]
    beside: Folders


@dataclass(frozen=True, slots=True)
class Nearest:
    """The files that fit the hints best, and how well: of two, the larger `agreement` fits better."""

    names: list[str]
    agreement: tuple[int, ...]


class FolderIndex:
    """Files by a key and their folders.

    Where many share a key, none of them is compared with all others: a zip of 30,000 folders with one picture each, all
    of one name, is found through as fast as any.
    """

    def __init__(self, files: Iterable[tuple[str, Folders, str]]) -> None:
        """`files` are (key, folders, name)."""
        self._places: dict[tuple[str, ...], list[tuple[Folders, str]]] = {}
        for key, as_written, name in files:
            folders = lowered(as_written)
            for depth in range(min(len(folders), _COMPARED_FOLDERS) + 1):
                self._places.setdefault((key, *folders[::-1][:depth]), []).append((folders, name))
        for places in self._places.values():
            places.sort()

    def nearest(self, key: str, hints: Hints) -> Nearest | None:
        """The files with the key that share most of the last folders of each ending, then most of the first folders
        with the annotation, then lie beside it; None when no file has the key."""
        places = self._places.get((key,))
        if not places:
            return None
        agreement: list[int] = []
        for ending in hints.endings:
            places, shared = self._narrowed(key, places, ending, is_first=not any(agreement))
            agreement.append(shared)
        places, shared = _with_beginning(places, hints.beside)
        beside = [place for place in places[:_COMPARED_FILES] if place[0] == hints.beside]
        names = [name for _, name in beside or places]
        return Nearest(names, (*agreement, shared, int(bool(beside))))

    def _narrowed(
        self, key: str, places: list[tuple[Folders, str]], ending: Folders, is_first: bool
    ) -> tuple[list[tuple[Folders, str]], int]:
        """The places that share most of the last folders of the ending, and how many."""
        last = ending[::-1][:_COMPARED_FOLDERS]
        if is_first:
            for length in range(len(last), 0, -1):
                if found := self._places.get((key, *last[:length])):
                    return found, length
            return places, 0
        if len(places) > _COMPARED_FILES:
            return places, 0
        shared = [_shared(folders[::-1], last) for folders, _ in places]
        most = max(shared)
        return [place for place, count in zip(places, shared, strict=True) if count == most], most


def lowered(folders: Sequence[str]) -> Folders:
    """The folders as they are compared: without regard to capitals, as on Windows and on a Mac."""
    return tuple(_SAME_FOLDER.get(folder, folder) for folder in map(str.casefold, folders))


def _with_beginning(places: list[tuple[Folders, str]], folders: Folders) -> tuple[list[tuple[Folders, str]], int]:
    """Those of the sorted places that share most of the first folders, and how many: they lie where these would."""
    at = bisect_left(places, (folders, ""))
    shared = max(_shared(place, folders) for place, _ in places[max(at - 1, 0) : at + 1])
    begin = bisect_left(places, (folders[:shared], ""))
    end = begin
    while end < len(places) and end - begin < _COMPARED_FILES and places[end][0][:shared] == folders[:shared]:
        end += 1
    exactly = bisect_left(places, (folders, ""))
    if exactly >= end and exactly < len(places) and places[exactly][0] == folders:
        return [place for place in places[exactly : exactly + _COMPARED_FILES] if place[0] == folders], shared
    return places[begin:end], shared


def _shared(one: Folders, other: Folders) -> int:
    """How many folders the two have in common from their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
