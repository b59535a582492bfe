"""Label Studio's JSON and JSON-MIN: a list of tasks with regions in percent of the picture as it is shown.

https://labelstud.io/guide/task_format
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any
from urllib.parse import parse_qs, urlsplit

from datasets.archive import Archive, UnreadableFile
from datasets.formats import json_entries
from datasets.formats.drawn import Drawing, leave_out, samples
from datasets.formats.files import MAX_BOXES, PICTURE_SUFFIXES, PictureFiles, one_line, stated_size, too_many
from datasets.formats.json_entries import BrokenJson
from datasets.formats.samples import Found
from datasets.formats.shapes import Corners, around, around_ellipse, around_rotated
from datasets.pictures import UndecodablePicture, sizes
from datasets.refusals import DatasetRefused
from datasets.repairs import Kind, Repairs

_MAX_BYTES = 512 * 1024 * 1024
_TASKS = "tasks"
_BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_ANNOTATIONS = ("annotations", "completions")  # completions: of the first versions

_Region = dict[str, Any]


@dataclass(slots=True)
class _Task:
    """One person's annotation of one picture. `regions` is None where the task was skipped, or waits for somebody."""

    number: Any
    paths: list[str]
    regions: list[_Region] | None
    why: str = ""
    changed: str = ""


@dataclass
class _Reader:
    pictures: PictureFiles
    repairs: Repairs
    drawings: dict[str, Drawing | None] = field(default_factory=dict)
    tasks: dict[str, _Task] = field(default_factory=dict)
    objects: int = 0

    def note(self, entry: Any, file: str) -> None:
        """Take one task in."""
        task = _task(entry) if isinstance(entry, dict) else None
        found = {picture: None for path in task.paths if (picture := self._meant(path, file))} if task else {}
        if task is None or not found:
            name = task.paths[0] if task and task.paths else file
            self.repairs.add(Kind.ANNOTATION_SKIPPED, one_line(name), "The zip does not hold this picture.")
        elif len(found) > 1:
            for picture in found:
                self._leave_out(picture, "Its task in Label Studio has several pictures.")
        else:
            self._take(next(iter(found)), task)

    def _take(self, picture: str, task: _Task) -> None:
        other = self.tasks.get(picture)
        if other and (other.number != task.number or task.number is None):
            self._leave_out(picture, "More than one task of Label Studio may be about it.")
            return
        if other:
            self.repairs.add(Kind.ONE_OF_SEVERAL, picture, "Several people annotated it. The newest was used.")
            if task.regions is None or (other.regions is not None and other.changed > task.changed):
                return
        self.tasks[picture] = task
        if task.why and task.regions is not None:
            self.repairs.add(Kind.ONE_OF_SEVERAL, picture, task.why)

    def draw(self) -> None:
        """Turn the regions of all tasks into boxes."""
        for picture, task in self.tasks.items():
            if picture in self.drawings:
                continue
            if task.regions is None:
                self.repairs.add(Kind.FRAME_SKIPPED, picture, task.why)
                self.drawings[picture] = None
            elif any(region.get("image_rotation") for region in task.regions):
                self._leave_out(picture, "It was turned in Label Studio.")
            else:
                self.drawings[picture] = self._drawing(picture, task.regions)

    def _drawing(self, picture: str, regions: list[_Region]) -> Drawing:
        drawn = Drawing(_stated(regions))
        size = drawn.size or self._size(picture)
        with_labels = {region.get("id") for region in regions if _labels(region)}
        for region in regions:
            labels = _labels(region)
            corners = _corners(region, size) if size else None
            if not labels and _is_shape(region) and region.get("id") not in with_labels:
                drawn.objects += 1
            for label in labels:
                drawn.add(one_line(label), corners, _is_plain_box(region))
        self.objects += drawn.objects
        if self.objects > MAX_BOXES:
            raise too_many("regions")
        return drawn

    def _size(self, picture: str) -> tuple[int, int] | None:
        try:
            return sizes(self.pictures.reader(picture)())[1]
        except (UnreadableFile, UndecodablePicture):
            return None

    def _meant(self, path: str, file: str) -> str | None:
        return self.pictures.meant(path, file)

    def _leave_out(self, picture: str, why: str) -> None:
        leave_out(picture, why, self.drawings, self.repairs)


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
        raise DatasetRefused("The zip holds no JSON of Label Studio. Export the project as JSON, and add its pictures.")
    reader = _Reader(pictures, repairs)
    for name in names:
        try:
            for number, entry in enumerate(_entries(archive, name)):
                if number > MAX_BOXES:
                    raise too_many("tasks")
                reader.note(entry, name)
        except BrokenJson as broken:
            raise DatasetRefused(f"“{name}” {broken}. Export the project again.") from None
        except UnreadableFile:
            raise DatasetRefused(f"“{name}” is damaged in the zip. Make the zip again.") from None
    reader.draw()
    found = samples(reader.drawings, pictures, repairs)
    return Found(len(found), found)


def _lists_tasks(name: str, archive: Archive) -> bool:
    try:
        entry = next(_entries(archive, name), None)
    except (BrokenJson, UnreadableFile):
        return False
    if not isinstance(entry, dict):
        return False
    if isinstance(entry.get("data"), dict):
        return any(isinstance(entry.get(key), list) for key in (*_ANNOTATIONS, "predictions"))
    return "annotation_id" in entry or any(map(_labels, _small_regions(entry)))


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


def _task(entry: dict[str, Any]) -> _Task:
    """The task with the annotation that counts: the one that is marked as the truth, or else the newest."""
    data = entry.get("data")
    if not isinstance(data, dict):  # JSON-MIN
        number = entry.get("id")
        return _Task(number, _paths(entry), list(_small_regions(entry)), changed=str(entry.get("updated_at") or ""))
    listed = next((entry[key] for key in _ANNOTATIONS if isinstance(entry.get(key), list)), [])
    known = [annotation for annotation in listed if isinstance(annotation, dict)]
    kept = [annotation for annotation in known if not annotation.get("was_cancelled")]
    task = _Task(entry.get("id"), _paths(data, entry.get("file_upload")), None)
    if not kept:
        task.why = "It was skipped in Label Studio." if known else "It has no annotation yet in Label Studio."
        return task
    # Of equals the last in the list, where the newest stands.
    chosen = max(reversed(kept), key=lambda one: (bool(one.get("ground_truth")), str(one.get("updated_at") or "")))
    result = chosen.get("result")
    task.regions = [region for region in result if isinstance(region, dict)] if isinstance(result, list) else []
    if len(kept) > 1:
        how = "The one marked as ground truth" if chosen.get("ground_truth") else "The newest"
        task.why = f"{len(kept)} people annotated it. {how} was used."
    return task


def _paths(data: dict[str, Any], upload: Any = None) -> list[str]:
    """What may name the picture, of all that belongs to a task."""
    texts = [_path(value) for value in data.values() if isinstance(value, str)]
    paths = [text for text in texts if text.lower().endswith(PICTURE_SUFFIXES)]
    return paths or ([upload] if isinstance(upload, str) else [])


def _path(address: str) -> str:
    """The path in an address: of an upload, a folder that Label Studio was given, or a storage elsewhere."""
    try:
        parts = urlsplit(address)
        local = parse_qs(parts.query).get("d")
    except ValueError:
        return address
    if local:
        return local[0]
    return parts.path if parts.scheme and parts.netloc else address


def _small_regions(entry: dict[str, Any]) -> Iterator[_Region]:
    """The regions of a task in JSON-MIN, as they stand in JSON."""
    for value in entry.values():
        for region in value if isinstance(value, list) else ():
            if isinstance(region, dict):
                kind = next((key for key in region if key.endswith("labels")), "")
                yield {**region, "type": kind, "value": region}


def _labels(region: _Region) -> list[str]:
    value, kind = region.get("value"), region.get("type")
    labels = value.get(kind) if isinstance(value, dict) and isinstance(kind, str) and kind.endswith("labels") else None
    return [label for label in labels if isinstance(label, str)] if isinstance(labels, list) else []


def _is_shape(region: _Region) -> bool:
    return region.get("type") in (
        "rectangle",
        "polygon",
        "ellipse",
        "rectanglelabels",
        "polygonlabels",
        "ellipselabels",
    )


def _is_plain_box(region: _Region) -> bool:
    value = region["value"]
    return not {"points", "radiusX"} & value.keys() and not _number(value.get("rotation", 0)) % 360


def _corners(region: _Region, size: tuple[int, int]) -> Corners | None:
    """The box around a region in pixels. Label Studio turns boxes around their upper left corner."""
    value = region["value"]
    across, down = size[0] / 100, size[1] / 100
    rotation = _number(value.get("rotation", 0))
    rotation = rotation if math.isfinite(rotation) else 0.0
    if isinstance(value.get("points"), list):
        pairs = [pair for pair in value["points"] if isinstance(pair, list) and len(pair) == 2]
        return around((_number(x) * across, _number(y) * down) for x, y in pairs)
    x, y = _number(value.get("x")) * across, _number(value.get("y")) * down
    if "radiusX" in value:
        radii = _number(value.get("radiusX")) * across, _number(value.get("radiusY")) * down
        return around_ellipse((x, y), radii, rotation)
    width, height = _number(value.get("width")) * across, _number(value.get("height")) * down
    return around_rotated((x, y, x + width, y + height), rotation, (x, y)) if math.isfinite(width) else None


def _stated(regions: list[_Region]) -> tuple[int, int] | None:
    """The size of the picture that the regions were drawn on; None where they don't agree."""
    stated = {
        stated_size(_number(region.get("original_width")), _number(region.get("original_height")))
        for region in regions
        if "original_width" in region
    }
    return stated.pop() if len(stated) == 1 else None


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and abs(value) < 1e9 else math.nan
