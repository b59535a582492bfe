"""The tables of TFLite's metadata schema that a detector needs, and how they are written.

The number beside each field's type is its slot in the table, as the schema counts them:
https://github.com/google-ai-edge/mediapipe/blob/master/mediapipe/tasks/metadata/metadata_schema.fbs
MediaPipe's Python package has classes for all of it, and is too large (0.1 GB to fetch with what it brings along) to
install on every server for that. The tests read what is written here with those classes.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Annotated, Any, get_type_hints

import flatbuffers
import numpy as np

IDENTIFIER = b"M001"


class ColorSpace(IntEnum):
    RGB = 1


class BoundingBoxType(IntEnum):
    BOUNDARIES = 1


class CoordinateType(IntEnum):
    RATIO = 0


class AssociatedFileType(IntEnum):
    TENSOR_VALUE_LABELS = 3


class ContentKind(IntEnum):
    """Which table `Content.properties` is."""

    FEATURE = 1
    IMAGE = 2
    BOUNDING_BOX = 3


class ProcessUnitKind(IntEnum):
    """Which table `ProcessUnit.options` is."""

    NORMALIZATION = 1


@dataclass(frozen=True)
class AssociatedFile:
    name: Annotated[str, 0]
    description: Annotated[str, 1]
    type: Annotated[AssociatedFileType, 2]


@dataclass(frozen=True)
class FeatureProperties:
    """A table without fields: the tensor holds numbers."""


@dataclass(frozen=True)
class ImageProperties:
    color_space: Annotated[ColorSpace, 0]


@dataclass(frozen=True)
class BoundingBoxProperties:
    """`index`: where left, top, right and bottom stand among the four numbers of a box."""

    index: Annotated[list[int], 0]
    type: Annotated[BoundingBoxType, 1]
    coordinate_type: Annotated[CoordinateType, 2]


@dataclass(frozen=True)
class ValueRange:
    min: Annotated[int, 0]
    max: Annotated[int, 1]


@dataclass(frozen=True)
class Content:
    kind: Annotated[ContentKind, 0]
    properties: Annotated[FeatureProperties | ImageProperties | BoundingBoxProperties, 1]
    range: Annotated[ValueRange | None, 2] = None


@dataclass(frozen=True)
class NormalizationOptions:
    mean: Annotated[list[float], 0]
    std: Annotated[list[float], 1]


@dataclass(frozen=True)
class ProcessUnit:
    kind: Annotated[ProcessUnitKind, 0]
    options: Annotated[NormalizationOptions, 1]


@dataclass(frozen=True)
class Stats:
    max: Annotated[list[float] | None, 0] = None
    min: Annotated[list[float] | None, 1] = None


@dataclass(frozen=True)
class TensorMetadata:
    name: Annotated[str, 0]
    description: Annotated[str, 1]
    content: Annotated[Content, 3]
    process_units: Annotated[list[ProcessUnit] | None, 4] = None
    stats: Annotated[Stats | None, 5] = None
    associated_files: Annotated[list[AssociatedFile] | None, 6] = None


@dataclass(frozen=True)
class TensorGroup:
    name: Annotated[str, 0]
    tensor_names: Annotated[list[str], 1]


@dataclass(frozen=True)
class SubGraphMetadata:
    input_tensors: Annotated[list[TensorMetadata], 2]
    output_tensors: Annotated[list[TensorMetadata], 3]
    output_tensor_groups: Annotated[list[TensorGroup], 8]


@dataclass(frozen=True)
class ModelMetadata:
    name: Annotated[str, 0]
    description: Annotated[str, 1]
    subgraphs: Annotated[list[SubGraphMetadata], 3]
    min_parser_version: Annotated[str, 7]


def packed(metadata: ModelMetadata) -> bytes:
    """Return the FlatBuffer that holds `metadata`."""
    builder = flatbuffers.Builder()
    builder.Finish(_table(builder, metadata), IDENTIFIER)
    return bytes(builder.Output())


def _table(builder: flatbuffers.Builder, table: Any) -> int:
    """Write a table behind what it refers to, and return its place."""
    hints = get_type_hints(type(table), include_extras=True)
    fields = {hint.__metadata__[0]: getattr(table, name) for name, hint in hints.items()}
    values = {slot: value for slot, value in fields.items() if value is not None}
    places = {slot: _reference(builder, value) for slot, value in values.items() if not isinstance(value, int)}
    builder.StartObject(max(values, default=-1) + 1)
    for slot, value in values.items():
        if isinstance(value, IntEnum):
            builder.PrependInt8Slot(slot, value, 0)
        elif isinstance(value, int):
            builder.PrependInt32Slot(slot, value, 0)
        else:
            builder.PrependUOffsetTRelativeSlot(slot, places[slot], 0)
    return int(builder.EndObject())


def _reference(builder: flatbuffers.Builder, value: Any) -> int:
    """Write what a table refers to, and return its place."""
    if isinstance(value, str):
        return int(builder.CreateString(value))
    if not isinstance(value, list):
        return _table(builder, value)
    if isinstance(value[0], int | float):
        return int(builder.CreateNumpyVector(np.array(value, np.uint32 if isinstance(value[0], int) else np.float32)))
    places = [_reference(builder, item) for item in value]
    builder.StartVector(4, len(places), 4)
    for place in reversed(places):
        builder.PrependUOffsetTRelative(place)
    return int(builder.EndVector())
