"""What the files around the labels of a YOLO set say: the names of the labels, and where each picture belongs."""

import posixpath
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from datasets.archive.zip_archive import Archive, UnreadableFile
from datasets.formats.common import own_splits
from datasets.formats.common.own_splits import Entries
from datasets.formats.common.picture_files import PICTURE_SUFFIXES, PictureFiles, decoded, nearness
from datasets.formats.yolo import data_yaml
from datasets.formats.yolo.data_yaml import DataYaml, numbered
from datasets.reasons import Note, Param, Reason
from datasets.repairs import Kind, Repairs
from datasets.split import Split

_NAME_SUFFIXES = (".names", ".labels")
_NAME_FILES = {"classes.txt", "labels.txt", "label.txt", "names.txt", "class_names.txt", "predefined_classes.txt"}
# Each folder may have its own, within reason.
_MOST_NAME_FILES = 200
_MAX_LIST_BYTES = 16 * 1024 * 1024


def is_beside(name: str) -> bool:
    """Whether a .txt file of this name is one that lies beside the labels, unless it reads like a label."""
    path = PurePosixPath(name.lower())
    return path.name in _NAME_FILES or own_splits.named_by(path.stem) is not None


@dataclass(frozen=True)
class YoloSet:
    """The files around the labels. Raises DatasetRefused for a data.yaml that cannot be read."""

    archive: Archive
    pictures: PictureFiles
    label_files: frozenset[str]

    @cached_property
    def yamls(self) -> list[DataYaml]:
        return data_yaml.found(self.archive)

    @cached_property
    def names(self) -> dict[str, dict[int, str]]:
        """File -> what it says that the numbers stand for: of data.yaml, obj.names and classes.txt the first kind that
        there is, since tools leave the others behind."""
        return self._names_by_kind[0] if self._names_by_kind else {}

    @cached_property
    def _names_by_kind(self) -> list[dict[str, dict[int, str]]]:
        """The same for each kind that there is."""
        others = [name for name in self.archive.names if name not in self.label_files]
        darknet = [name for name in others if name.lower().endswith(_NAME_SUFFIXES)]
        lists = [name for name in others if PurePosixPath(name.lower()).name in _NAME_FILES]
        of_yaml = {read.name: read.labels for read in self.yamls}
        return [found for found in (of_yaml, self._listed_names(darknet), self._listed_names(lists)) if found]

    def note_other_names(self, repairs: Repairs) -> None:
        """Say which files contradict the one that is believed: a list that was renumbered turns every label around."""
        for found in self._names_by_kind[1:]:
            for name, labels in found.items():
                believed = max(self.names, key=lambda used: nearness(used, name))
                shared = sorted(labels.keys() & self.names[believed].keys())
                differs = next((at for at in shared if labels[at] != self.names[believed][at]), None)
                if differs is not None:
                    ours, its = self.names[believed][differs], labels[differs]
                    told: dict[str, Param] = {"number": differs, "its": its, "believed": believed, "ours": ours}
                    repairs.add(Kind.NAMES_DIFFER, name, Reason(Note.NAMES_DIFFER, told))

    @cached_property
    def has_keypoints(self) -> bool:
        return any(read.has_keypoints for read in self.yamls)

    def labels_for(self, label_file: str) -> dict[int, str]:
        """Number -> name, by the file that lies nearest."""
        return self.names[max(self.names, key=lambda name: nearness(name, label_file))]

    def splits(self, repairs: Repairs) -> dict[str, Split]:
        """Picture -> its split, by data.yaml, and else by the lists train.txt and so on. What leads nowhere is said."""
        chosen: dict[str, Split] = {}
        lists: dict[str, Entries] = {}
        for split, place in self._places(repairs):
            lists[place] = own_splits.lines()
            for picture in self._pictures_at(place, lists[place]):
                chosen.setdefault(picture, split)
        for name, lines in lists.items():
            lines.note(name, repairs)
        return chosen

    def _listed_names(self, files: list[str]) -> dict[str, dict[int, str]]:
        outermost = sorted(files, key=lambda name: len(PurePosixPath(name).parts))
        found: dict[str, dict[int, str]] = {}
        for name in outermost[:_MOST_NAME_FILES]:
            with suppress(UnreadableFile):
                lines = decoded(self.archive.head(name)).splitlines()
                while lines and not lines[-1].strip():
                    lines.pop()
                found |= {name: numbered(lines)} if lines else {}
        return found

    def _places(self, repairs: Repairs) -> Iterator[tuple[Split, str]]:
        """Folders of pictures and lists of pictures with their split; of folders, the innermost first."""
        files = frozenset(self.archive.names) - self.label_files
        folders = frozenset(str(folder) for name in self.pictures.names for folder in PurePosixPath(name).parents)
        named: list[tuple[Split, str]] = []
        for read in self.yamls:
            entries = Entries(Note.SPLIT_PLACES_LOST)
            for split, entry in read.places:
                place = _place(entry, read, folders | files)
                entries.count(entry, leads_somewhere=place is not None)
                named += [(split, place)] if place else []
            entries.note(read.name, repairs)
        yield from sorted(named, key=lambda found: -len(PurePosixPath(found[1]).parts))
        for name in sorted(files):
            named_by = own_splits.named_by(PurePosixPath(name).stem)
            if named_by and name.lower().endswith(".txt"):
                yield named_by, name

    def _pictures_at(self, place: str, lines: Entries) -> Iterator[str]:
        """The pictures in a folder or below it, or those that a list names, whose lines are counted."""
        if not place.lower().endswith(".txt"):
            yield from (name for name in self.pictures.names if place == "." or name.startswith(f"{place}/"))
            return
        try:
            text = decoded(self.archive.read(place, _MAX_LIST_BYTES))
        except UnreadableFile:
            lines.is_damaged = True
            return
        for line in filter(str.strip, text.splitlines()):
            is_path = line.lower().rstrip().endswith(PICTURE_SUFFIXES)
            found = self.pictures.meant(line, place) if is_path else None
            lines.count(line, leads_somewhere=found is not None)
            if found:
                yield found


def _place(entry: str, read: DataYaml, known: frozenset[str]) -> str | None:
    """Where in the archive an entry of data.yaml leads. The set may have lain anywhere, so folders in front of the
    entry are left out one by one until it leads somewhere."""
    beside = PurePosixPath(read.name).parent
    path = PurePosixPath(entry.replace("\\", "/"))
    parts = [part for part in path.parts if part not in ("/", "..")]
    shortened = [beside.joinpath(*parts[start:]) for start in range(len(parts))]
    candidates = [beside / read.root.replace("\\", "/") / path, beside / path, *shortened]
    return next((place for candidate in candidates if (place := posixpath.normpath(candidate)) in known), None)
