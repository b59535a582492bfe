"""What other programs need to know about an exported detector, written into its `.tflite` file.

The TFLite Task Library (so the FTC SDK's TfodProcessor) and MediaPipe Tasks both read the TFLite metadata schema: a
FlatBuffer in the model's buffer named TFLITE_METADATA, and the label file in an uncompressed zip behind the model.
Names and values below are those that the two libraries' object detectors look for.
"""

import io
import zipfile
from dataclasses import dataclass

import numpy as np
from tensorflow.lite.python import schema_py_generated as tflite_schema
from tensorflow.lite.tools import flatbuffer_utils

from detector.contract.model_variants import PIXEL_MEAN, PIXEL_STD
from detector.contract.suppression import Suppression
from detector.export import metadata_schema as schema

METADATA_BUFFER = "TFLITE_METADATA"
# The oldest revision of the schema that has everything used here: groups of output tensors came with it.
OLDEST_PARSER = "1.2.0"
LABEL_FILE = "labels.txt"

# In the order in which the operator TFLite_Detection_PostProcess gives them.
OUTPUTS = {
    "location": "The boxes of the objects: top, left, bottom, right, as fractions of the picture's height and width.",
    "category": "The place of each object's label in the label file, counted from 0.",
    "score": "How sure the model is of each object, from 0 to 1.",
    "number of detections": "How many of the objects above are real; the rest is filled with zeros.",
}
GROUPED_OUTPUTS = ["location", "category", "score"]


@dataclass(frozen=True)
class ModelCard:
    """The words that travel with a model. A label's place in `label_names` is its class id, from 0."""

    name: str
    description: str
    label_names: list[str]
    suppression: Suppression


def add_metadata(tflite: bytes, card: ModelCard) -> bytes:
    """The same model with its outputs in the order of OUTPUTS, with metadata and with the label file.

    `tflite`: a converted model with one image input, whose signature names its outputs as OUTPUTS does.
    """
    model = flatbuffer_utils.convert_bytearray_to_object(tflite)
    _order_outputs(model)
    return with_metadata(model, card)


def with_metadata(model: tflite_schema.ModelT, card: ModelCard, in_bytes: bool = False) -> bytes:
    """The model as a file, with metadata, in place of any that it has, and with the label file.

    `in_bytes`: whether the picture goes in as bytes, else as float32 from -1 to 1.
    """
    _set_buffer(model, METADATA_BUFFER, schema.packed(_model_metadata(card, in_bytes)))
    return _append_file(bytes(flatbuffer_utils.convert_object_to_bytearray(model)), LABEL_FILE, card.label_names)


def _order_outputs(model: tflite_schema.ModelT) -> None:
    """Order and name the outputs as OUTPUTS does: the converter orders them by chance, while readers go by place."""
    graph = model.subgraphs[0]
    tensors = {output.name.decode(): output.tensorIndex for output in model.signatureDefs[0].outputs}
    graph.outputs = [tensors[name] for name in OUTPUTS]
    for name, tensor in tensors.items():
        graph.tensors[tensor].name = name


def _set_buffer(model: tflite_schema.ModelT, name: str, data: bytes) -> None:
    entry = next((entry for entry in model.metadata if entry.name == name.encode()), None)
    if entry is None:
        entry = tflite_schema.MetadataT()
        entry.name, entry.buffer = name, len(model.buffers)
        model.buffers.append(tflite_schema.BufferT())
        model.metadata.append(entry)
    model.buffers[entry.buffer].data = np.frombuffer(data, np.uint8)


def _append_file(model: bytes, name: str, lines: list[str]) -> bytes:
    """Append a zip with one text file. Readers map it into memory as it lies there, so it may not be compressed."""
    stream = io.BytesIO(model)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_STORED) as archive:
        # A ZipInfo has a fixed date, so the same model makes the same file.
        archive.writestr(zipfile.ZipInfo(name), "\n".join(lines))
    return stream.getvalue()


def _model_metadata(card: ModelCard, in_bytes: bool) -> schema.ModelMetadata:
    graph = schema.SubGraphMetadata(
        input_tensors=[_bytes_input() if in_bytes else _image_input()],
        output_tensors=[_output(name) for name in OUTPUTS],
        output_tensor_groups=[schema.TensorGroup(name="detection_result", tensor_names=GROUPED_OUTPUTS)],
    )
    return schema.ModelMetadata(
        name=card.name,
        description=f"{card.description}\n{_what_it_gives(card.suppression)}".strip(),
        subgraphs=[graph],
        min_parser_version=OLDEST_PARSER,
    )


def _what_it_gives(suppression: Suppression) -> str:
    return (
        f"It gives at most {suppression.max_detections} detections of a picture. Two boxes of one label that overlap "
        f"by more than {suppression.iou:.2f} (intersection over union) count as one."
    )


def _image_input() -> schema.TensorMetadata:
    return schema.TensorMetadata(
        name="image",
        description="The picture in red, green, blue, resized to the input's size, each value from -1 to 1.",
        content=_image_content(),
        process_units=[_normalization(PIXEL_MEAN, PIXEL_STD)],
        stats=schema.Stats(min=[-PIXEL_MEAN / PIXEL_STD], max=[(255 - PIXEL_MEAN) / PIXEL_STD]),
    )


def _bytes_input() -> schema.TensorMetadata:
    return schema.TensorMetadata(
        name="image",
        description="The picture in red, green, blue, resized to the input's size, each value a byte from 0 to 255.",
        content=_image_content(),
        process_units=[_normalization(0.0, 1.0)],
        stats=schema.Stats(min=[0.0], max=[255.0]),
    )


def _image_content() -> schema.Content:
    return schema.Content(
        kind=schema.ContentKind.IMAGE,
        properties=schema.ImageProperties(color_space=schema.ColorSpace.RGB),
    )


def _normalization(mean: float, std: float) -> schema.ProcessUnit:
    return schema.ProcessUnit(
        kind=schema.ProcessUnitKind.NORMALIZATION,
        options=schema.NormalizationOptions(mean=[mean], std=[std]),
    )


def _output(name: str) -> schema.TensorMetadata:
    return schema.TensorMetadata(
        name=name,
        description=OUTPUTS[name],
        content=_boxes_content() if name == "location" else _numbers_content(grouped=name in GROUPED_OUTPUTS),
        associated_files=[_label_file()] if name == "category" else None,
        stats=schema.Stats(min=[0.0], max=[1.0]) if name == "score" else schema.Stats(),
    )


def _label_file() -> schema.AssociatedFile:
    return schema.AssociatedFile(
        name=LABEL_FILE,
        description="The labels, one a line, in the order of their ids.",
        type=schema.AssociatedFileType.TENSOR_VALUE_LABELS,
    )


def _boxes_content() -> schema.Content:
    """The op gives top, left, bottom, right; `index` says where left, top, right and bottom stand."""
    return schema.Content(
        kind=schema.ContentKind.BOUNDING_BOX,
        properties=schema.BoundingBoxProperties(
            index=[1, 0, 3, 2],
            type=schema.BoundingBoxType.BOUNDARIES,
            coordinate_type=schema.CoordinateType.RATIO,
        ),
        range=_one_an_object(),
    )


def _numbers_content(grouped: bool) -> schema.Content:
    return schema.Content(
        kind=schema.ContentKind.FEATURE,
        properties=schema.FeatureProperties(),
        range=_one_an_object() if grouped else None,
    )


def _one_an_object() -> schema.ValueRange:
    """Each object's content starts at dimension 2: its four sides, or, where there is no such dimension, one number."""
    return schema.ValueRange(min=2, max=2)
