"""Which label file of a YOLO set belongs to which picture. What can't be told is said, never guessed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import takewhile
from pathlib import PurePosixPath

from datasets.formats.common.picture_files import PICTURE_SUFFIXES, without_upload_mark
from datasets.reasons import Code, Note, Reason
from datasets.refusals import DatasetRefused

# Folders by which sets part pictures from labels; a picture and its label file may lie in different ones.
_PARTING_FOLDERS = {"images", "labels"}
# Each label file is compared with all pictures of its name.
_MOST_OF_ONE_NAME = 100

_Claims = dict[str, list[str]]  # label file -> the pictures that it may belong to


@dataclass
class Matching:
    """`label_files`: picture -> label file. `unclear`: picture -> why its label file can't be told, to be raised where
    that is so of all.

    `skipped`: label file -> why it belongs to no picture.
    """

    label_files: dict[str, str] = field(default_factory=dict)
    unclear: dict[str, DatasetRefused] = field(default_factory=dict)
    skipped: dict[str, Reason] = field(default_factory=dict)


def match(pictures: list[str], texts: list[str], labeled: frozenset[str]) -> Matching:
    """Find the label file of each picture. `texts` may be label files, `labeled` hold boxes for certain.

    1. The file in the place where YOLO looks for it belongs to a picture, even when nothing in it is a box.
    2. A file with boxes that is left belongs to the picture of its name in the same folders, `images` and `labels`
       aside.
    3. If no file of a folder was matched so far, each belongs to the only picture of its name.
    """
    found = Matching()
    _give(_by_place(pictures, texts), found)
    _give(_claims(_left(labeled, found), _Index(pictures, with_folders=True)), found)
    settled = {_folder(name) for name in found.label_files.values()}
    left = _claims(_left(labeled, found), _Index(pictures, with_folders=False))
    _give({name: claimed for name, claimed in left.items() if _folder(name) not in settled}, found)
    for name in _left(labeled, found):
        _pass_over(name, left[name], found)
    return found


def _give(claims: _Claims, found: Matching) -> None:
    """Give each label file to its picture, where it may belong to no other and no other to it."""
    claimed_by: dict[str, list[str]] = defaultdict(list)
    for label_file, pictures in claims.items():
        for picture in pictures:
            claimed_by[picture].append(label_file)
    for label_file, pictures in claims.items():
        if len(pictures) > 1:
            one, other = pictures[:2]
            unclear = DatasetRefused(Code.LABEL_FILE_OF_TWO_PICTURES, file=label_file, one=one, other=other)
            _leave_out(pictures, unclear, found)
            found.skipped[label_file] = unclear.reason
        elif pictures and len(claimed_by[pictures[0]]) > 1:
            one, other = claimed_by[pictures[0]][:2]
            _leave_out(pictures, DatasetRefused(Code.PICTURE_OF_TWO_LABEL_FILES, one=one, other=other), found)
            found.skipped[label_file] = Reason(Note.MAY_BE_OF_OTHERS)
        elif pictures and not (pictures[0] in found.label_files or pictures[0] in found.unclear):
            found.label_files[pictures[0]] = label_file


def _pass_over(label_file: str, pictures: list[str], found: Matching) -> None:
    """Say why a label file belongs to no picture. One that it may belong to must not teach that nothing is on it."""
    if not pictures:
        found.skipped[label_file] = Reason(Note.ITS_PICTURE_NOT_IN_ZIP)
    elif all(picture in found.label_files for picture in pictures):
        found.skipped[label_file] = Reason(Note.PICTURE_TAKEN)
    else:
        found.skipped[label_file] = Reason(Note.PICTURE_NOT_WITH_OTHERS)
        _leave_out(pictures, DatasetRefused(Code.LABEL_FILE_ELSEWHERE, file=label_file), found)


def _leave_out(pictures: Iterable[str], unclear: DatasetRefused, found: Matching) -> None:
    found.unclear |= {picture: unclear for picture in pictures if picture not in found.label_files}


def _left(labeled: frozenset[str], found: Matching) -> list[str]:
    return sorted(labeled - set(found.label_files.values()) - found.skipped.keys())


def _by_place(pictures: list[str], texts: list[str]) -> _Claims:
    """The label files in the places where YOLO looks, with the pictures for which it does.

    Letters in another case are as good where no picture has the file's own.
    """
    claims: _Claims = defaultdict(list)
    exact = set(texts)
    others: list[str] = []
    for picture in pictures:
        place = next((place for place in _places(picture) if place in exact), None)
        if place:
            claims[place].append(picture)
        else:
            others.append(picture)
    in_small: dict[str, list[str]] = defaultdict(list)
    for text in exact - claims.keys():
        in_small[text.lower()].append(text)
    for picture in others:
        fitting = next((in_small[p.lower()] for p in _places(picture) if p.lower() in in_small), [])
        of_its_case = [text for text in fitting if PurePosixPath(text).name.startswith(PurePosixPath(picture).stem)]
        for text in of_its_case or fitting:
            claims[text].append(picture)
    return claims


def _places(picture: str) -> Iterator[str]:
    """Where the label file of a picture lies: in labels/ for the innermost images/, or beside it."""
    path = PurePosixPath(picture)
    folders = list(path.parts[:-1])
    in_small = [folder.lower() for folder in folders]
    # Some converters append .txt to the whole name.
    names = (f"{path.name}.txt", f"{path.stem}.txt")
    if "images" in in_small:
        innermost = len(folders) - 1 - in_small[::-1].index("images")
        for name in names:
            yield "/".join([*folders[:innermost], "labels", *folders[innermost + 1 :], name])
    for name in names:
        yield "/".join([*folders, name])


class _Index:
    """Pictures by their name, with or without its ending, and by their folders where these count."""

    def __init__(self, pictures: list[str], with_folders: bool) -> None:
        self._with_folders = with_folders
        self._pictures: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for picture in pictures:
            path = PurePosixPath(picture)
            for name in (path.name, path.stem):
                self._pictures[self._key(picture, name)].append(picture)

    def of(self, label_file: str) -> list[str]:
        """The pictures that a label file may belong to: of its own letters' case, or else of any."""
        stem = PurePosixPath(label_file).stem
        names = [stem, PurePosixPath(stem).stem] if stem.lower().endswith(PICTURE_SUFFIXES) else [stem]
        if not self._with_folders:
            names.append(without_upload_mark(names[-1]))
        for name in names:
            if fitting := self._pictures.get(self._key(label_file, name)):
                if len(fitting) > _MOST_OF_ONE_NAME:
                    raise DatasetRefused(Code.TOO_MANY_OF_ONE_NAME, most=_MOST_OF_ONE_NAME, name=name, file=label_file)
                exact = [picture for picture in fitting if name in _both_names(picture)]
                return _nearest(exact or fitting, label_file)
        return []

    def _key(self, path: str, name: str) -> tuple[str, ...]:
        folders = PurePosixPath(path.lower()).parts[:-1] if self._with_folders else ()
        return (name.lower(), *(folder for folder in folders if folder not in _PARTING_FOLDERS))


def _claims(label_files: list[str], index: _Index) -> _Claims:
    return {name: index.of(name) for name in label_files}


def _nearest(pictures: list[str], label_file: str) -> list[str]:
    """The pictures whose last folders are those of the label file, as many as any of them has."""
    if len(pictures) == 1:
        return pictures
    shared = {picture: _shared_folders(picture, label_file) for picture in pictures}
    most = max(shared.values())
    return [picture for picture in pictures if shared[picture] == most]


def _shared_folders(picture: str, label_file: str) -> int:
    pairs = zip(_innermost_first(picture), _innermost_first(label_file), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


@lru_cache(1000)
def _innermost_first(path: str) -> tuple[str, ...]:
    return PurePosixPath(path).parts[-2::-1]


def _both_names(picture: str) -> tuple[str, str]:
    path = PurePosixPath(picture)
    return path.name, path.stem


def _folder(name: str) -> str:
    return str(PurePosixPath(name).parent)
