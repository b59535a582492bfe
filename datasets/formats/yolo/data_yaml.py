"""The data.yaml of a YOLO set: what the numbers in its labels stand for, and where each split lies.

https://docs.ultralytics.com/datasets/detect/
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import yaml

from datasets.archive.zip_archive import Archive, UnreadableFile
from datasets.formats.common import own_splits
from datasets.formats.common.picture_files import decoded, one_line
from datasets.reasons import Code
from datasets.refusals import DatasetRefused
from datasets.split import Split

# YAML takes long to read, and no set has so many.
_MOST = 20
_MOST_PLACES = 1000
_MAX_BYTES = 64 * 1024
_MAX_DEPTH = 10
_STARTS = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_ENDS = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
_HAS_NAMES = re.compile(r"""(^|[{,])[ \t]{0,100}["']?names["']?[ \t]{0,100}:""", re.MULTILINE)
# A line with a path, in which YAML would take the backslashes of Windows for escapes.
_PATH_LINE = re.compile(
    r"""[ ]{0,100}(["']?(path|train|val|valid|validation|test)["']?[ ]{0,100}:|-[ ]{1,100}["']?([A-Za-z]:|\.{1,2})\\)"""
)
_TAB = 4
# libyaml is many times as fast, and not everywhere.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True, slots=True)
class DataYaml:
    """`labels`: number -> name. `root`: the folder that the places are in, as the file says.

    `places`: folders of pictures and files that list pictures, as the file names them. `has_keypoints`: whether points
    follow each box.
    """

    name: str
    labels: dict[int, str]
    root: str
    places: list[tuple[Split, str]]
    has_keypoints: bool


def found(archive: Archive) -> list[DataYaml]:
    """The YAML files that name labels, those in the outermost folders first.

    Raises DatasetRefused for one that cannot be read.
    """
    names = [name for name in archive.names if name.lower().endswith((".yaml", ".yml"))]
    names.sort(key=lambda name: len(PurePosixPath(name).parts))
    return [read for name in names[:_MOST] if (read := _read(name, archive))]


def _read(name: str, archive: Archive) -> DataYaml | None:
    try:
        data = archive.head(name)
    except UnreadableFile:
        raise DatasetRefused(Code.FILE_DAMAGED, file=name) from None
    text = decoded(data)
    if not _HAS_NAMES.search(text):
        return None
    if len(data) > _MAX_BYTES:
        raise DatasetRefused(Code.YAML_TOO_LONG, file=name)
    content = _parsed(name, _tidy(text))
    labels = numbered(content.get("names")) if isinstance(content, dict) else {}
    if not labels:
        return None
    root = content.get("path")
    places = [(split, place) for key, value in content.items() if (split := _split(key)) for place in _texts(value)]
    return DataYaml(name, labels, root if isinstance(root, str) else "", places[:_MOST_PLACES], "kpt_shape" in content)


def numbered(names: Any) -> dict[int, str]:
    """Number -> name for a list of names or a mapping of numbers to names, without what is neither."""
    pairs = names.items() if isinstance(names, dict) else enumerate(names) if isinstance(names, list) else ()
    return {int(number): one_line(name) for number, name in pairs if _is_number(number) and isinstance(name, str)}


def _tidy(text: str) -> str:
    """The text without what people's editors and Windows put into it, and YAML forbids: tabs, and backslashes."""
    lines = (line.expandtabs(_TAB) for line in text.split("\n"))
    return "\n".join(line.replace("\\", "/") if _PATH_LINE.match(line) else line for line in lines)


def _parsed(name: str, text: str) -> Any:
    """The content, with every word as a text: `no` is a label, and 7001 may be one."""
    depth = 0
    try:
        for event in yaml.parse(text, _LOADER):
            if getattr(event, "anchor", None):
                raise DatasetRefused(Code.YAML_REFERS_TO_ITSELF, file=name)
            depth += isinstance(event, _STARTS) - isinstance(event, _ENDS)
            if depth > _MAX_DEPTH:
                raise DatasetRefused(Code.YAML_TOO_DEEP, file=name)
        return yaml.load(text, _LOADER)  # noqa: S506 - it makes texts, lists and dictionaries alone
    except DatasetRefused:
        raise
    except Exception:  # beside its own errors, the parser raises whatever the damage made it meet
        raise DatasetRefused(Code.YAML_UNREADABLE, file=name) from None


def _split(key: Any) -> Split | None:
    return own_splits.named_by(key) if isinstance(key, str) else None


def _texts(value: Any) -> Iterator[str]:
    yield from (text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str) and text)


def _is_number(key: Any) -> bool:
    return isinstance(key, int) or (isinstance(key, str) and key.isascii() and key.isdigit() and len(key) < 10)
