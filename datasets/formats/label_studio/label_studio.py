"""Label Studio's JSON and JSON-MIN: a list of tasks with regions in percent of the picture as it is shown.

https://labelstud.io/guide/task_format
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from datasets.archive.zip_archive import Archive, UnreadableFile
from datasets.formats.common import json_entries
from datasets.formats.common.drawings import Drawings
from datasets.formats.common.json_entries import BrokenJson
from datasets.formats.common.picture_files import MAX_BOXES, Match, PictureFiles, Unclear, too_many
from datasets.formats.common.samples import Found
from datasets.formats.label_studio.label_studio_claims import Claim, settled
from datasets.formats.label_studio.label_studio_regions import are_turned, drawing, labels, stated
from datasets.formats.label_studio.label_studio_tasks import ANNOTATIONS, PREDICTIONS, small_regions, task_of
from datasets.reasons import Code, Note, Reason
from datasets.refusals import DatasetRefused
from datasets.repairs import Kind, Repairs
from ftcml.core.pictures.upright import UndecodablePicture, sizes

_MAX_BYTES = 512 * 1024 * 1024
_TASKS = "tasks"
_BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


@dataclass
class _Reader:
    pictures: PictureFiles
    repairs: Repairs
    drawings: Drawings
    claims: dict[str, Claim] = field(default_factory=dict)
    objects: int = 0

    def note(self, entry: Any, file: str) -> tuple[int, int]:
        """Take one task in; returns how many annotations and predictions of it are passed over."""
        if not isinstance(entry, dict):
            self.repairs.add(Kind.ANNOTATION_SKIPPED, file, Reason(Note.NO_TASK))
            return 0, 0
        task = task_of(entry)
        claim = Claim(task, file)
        found = [self.drawings.found(path, file) for path in task.paths]
        matches = {match.picture: match for match in found if isinstance(match, Match)}
        if len(matches) == 1:
            picture, match = next(iter(matches.items()))
            claim.agreement = match.agreement
            self._take(picture, claim)
            return task.canceled, task.predictions
        boxes = claim.objects
        for picture in matches:
            self.drawings.leave_out(picture, Reason(Note.SEVERAL_PICTURES_OF_TASK), boxes)
        if not matches:
            unclear = next((one for one in found if isinstance(one, Unclear) and one.names), Unclear())
            self.drawings.miss(claim.name, unclear, boxes)
        return task.canceled, task.predictions

    def _take(self, picture: str, claim: Claim) -> None:
        other = self.claims.get(picture)
        self.claims[picture], lost = settled(other, claim) if other else (claim, None)
        if lost:
            self.drawings.miss(lost.name, Unclear(), lost.objects)

    def draw(self) -> None:
        """Turn the regions of all tasks into boxes."""
        for picture, claim in self.claims.items():
            regions = claim.task.regions
            if claim.rival:
                self.drawings.leave_out(picture, claim.contradiction(), max(claim.objects, claim.rival.objects))
            elif regions is None:
                self.repairs.add(Kind.FRAME_SKIPPED, picture, claim.task.why)
                self.drawings.drop(picture)
                claim.say_what_was_left(picture, self.repairs)
            elif are_turned(regions):
                self.drawings.leave_out(picture, Reason(Note.TURNED_IN_STUDIO), claim.objects)
            else:
                drawn = drawing(regions, stated(regions) or self._size(picture))
                self.objects += drawn.objects
                if self.objects > MAX_BOXES:
                    raise too_many("regions")
                self.drawings.take(Match(picture, claim.agreement), drawn, claim.file)
                claim.say_what_was_left(picture, self.repairs)

    def _size(self, picture: str) -> tuple[int, int] | None:
        try:
            return sizes(self.pictures.reader(picture)())[1]
        except (UnreadableFile, UndecodablePicture):
            return None


def marks(archive: Archive) -> list[str]:
    """The .json files that are a list of Label Studio's tasks."""
    return [name for name in archive.names if name.lower().endswith(".json") and _lists_tasks(name, archive)]


def read(archive: Archive, repairs: Repairs) -> Found:
    """Every picture of the archive with its boxes, in the order of the pictures' names.

    A picture that no task is about has no boxes. Raises DatasetRefused when there is no picture, no file of tasks, or
    one that cannot be read to its end.
    """
    pictures = PictureFiles(archive)
    names = marks(archive)
    if not names:
        raise DatasetRefused(Code.NO_LABEL_STUDIO)
    reader = _Reader(pictures, repairs, Drawings(pictures, repairs))
    for name in names:
        canceled = predictions = 0
        try:
            for number, entry in enumerate(_entries(archive, name)):
                if number > MAX_BOXES:
                    raise too_many("tasks")
                more = reader.note(entry, name)
                canceled, predictions = canceled + more[0], predictions + more[1]
        except BrokenJson as broken:
            raise DatasetRefused(broken.code, file=name, format="studio", **broken.params) from None
        except UnreadableFile:
            raise DatasetRefused(Code.FILE_DAMAGED, file=name) from None
        repairs.pass_over(name, {"canceled": canceled, "predictions": predictions})
    reader.draw()
    found = reader.drawings.samples()
    return Found(len(found), found)


def _lists_tasks(name: str, archive: Archive) -> bool:
    try:
        entry = next(_entries(archive, name), None)
    except (BrokenJson, UnreadableFile):
        return False
    if not isinstance(entry, dict):
        return False
    if isinstance(entry.get("data"), dict):
        return any(isinstance(entry.get(key), list) for key in (*ANNOTATIONS, PREDICTIONS))
    return "annotation_id" in entry or any(map(labels, small_regions(entry)))


def _entries(archive: Archive, name: str) -> Iterator[Any]:
    """The entries of the list in the file, one at a time."""
    pieces = archive.pieces(name, _MAX_BYTES)
    return (entry for _, entry in json_entries.entries(_as_object(pieces), {_TASKS}))


def _as_object(pieces: Iterator[bytes]) -> Iterable[bytes]:
    """The list in the file as the list of an object."""
    first = next(pieces, b"")
    mark = next((mark for mark in _BYTE_ORDER_MARKS if first.startswith(mark)), b"")
    letters = _BYTE_ORDER_MARKS.get(mark, "utf-8")
    if not first[len(mark) :].decode(letters, errors="ignore").lstrip().startswith("["):
        return [b"{}"]
    begin, end = f'{{"{_TASKS}":'.encode(letters), "}".encode(letters)
    return chain([mark + begin + first[len(mark) :]], pieces, [end])
