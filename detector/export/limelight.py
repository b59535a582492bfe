"""The file for a Limelight or a Coral: the int8 detector as the Object Detection API exports one, with its labels.

Limelight's own trainer makes such files, and a Limelight 3A refuses others: the picture goes in as bytes, and the four
outputs are float32, in the order and under the names that the Object Detection API's own TFLite export gives them.
Coral's library finds them by the names of the signature, its first release by their order.
"""

import io
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tensorflow.lite.python import schema_py_generated as tflite_schema
from tensorflow.lite.tools import flatbuffer_utils

from detector.contract import attempt_files
from detector.contract.model_variants import LIMELIGHT, PIXEL_MEAN, PIXEL_STD, model_name
from detector.export import edgetpu
from detector.export.litert import LiteRunner, Runner
from detector.export.metadata import LABEL_FILE, ModelCard, with_metadata
from detector.export.tflite import Exporter

# As Limelight's trainer names it.
MODEL = "limelight_neural_detector_8bit.tflite"
# The same for a Coral alone, as its compiler names it.
CORAL_MODEL = "limelight_neural_detector_8bit_edgetpu.tflite"
INPUT = ("input", "serving_default_input:0")
# What the Object Detection API calls the outputs, in the order of OUTPUTS: in the signature, and the tensors.
SIGNATURE_OUTPUTS = ("output_3", "output_2", "output_1", "output_0")
OUTPUT_TENSORS = tuple(f"StatefulPartitionedCall:{number}" for number in (3, 2, 1, 0))
SIGNATURE = "serving_default"

# A byte stands for (byte - 127) / 127.5, since a zero point is a whole number. The network means (byte - 127.5) /
# 127.5.
_SCALE, _ZERO_BYTE = 1 / PIXEL_STD, 127
_BESIDE = (_ZERO_BYTE - PIXEL_MEAN) / PIXEL_STD


def write(exporter: Exporter, folder: Path) -> None:
    """Write the zip beside the int8 file in `folder`, of which it is made.

    In it are the model, the labels, and the model for a Coral where this machine can compile it.
    """
    model = takes_bytes((folder / model_name("int8")).read_bytes(), exporter.card)
    files = {MODEL: model, LABEL_FILE: "\n".join(exporter.label_names).encode()}
    if for_coral := edgetpu.compiled(model):
        files[CORAL_MODEL] = for_coral
    attempt_files.write_atomically(folder / model_name(LIMELIGHT), _zip(files))


def runner(path: Path) -> Runner:
    return LiteRunner(model_of(path))


def model_of(path: Path) -> bytes:
    """The `.tflite` file in the zip."""
    with zipfile.ZipFile(path) as archive:
        return archive.read(MODEL)


def takes_bytes(int8: bytes, card: ModelCard) -> bytes:
    """The same detector as a file of the variant int8, with a picture of bytes and the names above."""
    model = flatbuffer_utils.convert_bytearray_to_object(int8)
    graph = model.subgraphs[0]
    [picture] = graph.inputs
    [cast] = [operator for operator in graph.operators if picture in operator.inputs]
    _quantize_exactly(model, graph.tensors[picture], cast.outputs[0])
    _name(model, graph)
    return with_metadata(model, card, in_bytes=True)


def _quantize_exactly(model: tflite_schema.ModelT, picture: tflite_schema.TensorT, inside: int) -> None:
    """Let bytes in, which the operator behind the input turns into int8 one by one.

    The range of int8's own input was measured on some frames; all bytes fit into this one. The offset of the first
    convolution takes back that a byte stands half a step beside what the network means.
    """
    graph = model.subgraphs[0]
    [first] = [operator for operator in graph.operators if inside in operator.inputs]
    kernel, bias = (graph.tensors[index] for index in first.inputs[1:3])
    before = float(graph.tensors[inside].quantization.scale[0])
    _set_scale(picture, tflite_schema.TensorType.UINT8, _ZERO_BYTE)
    _set_scale(graph.tensors[inside], tflite_schema.TensorType.INT8, _ZERO_BYTE - 128)

    kernel_scale = np.asarray(kernel.quantization.scale, np.float64)
    weights = _values(model, kernel, np.int8).reshape(len(kernel_scale), -1).sum(axis=1) * kernel_scale
    offset = _values(model, bias, np.int32) * before * kernel_scale + _BESIDE * weights
    bias.quantization.scale = (_SCALE * kernel_scale).astype(np.float32)
    _set_values(model, bias, np.rint(offset / (_SCALE * kernel_scale)).astype(np.int32))


def _set_scale(tensor: tflite_schema.TensorT, kind: int, zero_point: int) -> None:
    tensor.type = kind
    tensor.quantization = tflite_schema.QuantizationParametersT()
    tensor.quantization.scale, tensor.quantization.zeroPoint = [_SCALE], [zero_point]


def _values(model: tflite_schema.ModelT, tensor: tflite_schema.TensorT, kind: type) -> NDArray[np.signedinteger]:
    return np.frombuffer(bytes(model.buffers[tensor.buffer].data), kind)


def _set_values(model: tflite_schema.ModelT, tensor: tflite_schema.TensorT, values: NDArray[np.int32]) -> None:
    model.buffers[tensor.buffer].data = np.frombuffer(values.tobytes(), np.uint8)


def _name(model: tflite_schema.ModelT, graph: tflite_schema.SubGraphT) -> None:
    """Give input, outputs and signature the names of the Object Detection API. The order is as it was."""
    [signature] = model.signatureDefs
    signature.signatureKey = SIGNATURE
    signature.inputs[0].name, graph.tensors[graph.inputs[0]].name = INPUT
    by_tensor = {output.tensorIndex: output for output in signature.outputs}
    for tensor, name, tensor_name in zip(graph.outputs, SIGNATURE_OUTPUTS, OUTPUT_TENSORS, strict=True):
        by_tensor[tensor].name, graph.tensors[tensor].name = name, tensor_name
    signature.outputs = [by_tensor[tensor] for tensor in reversed(graph.outputs)]


def _zip(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            # A ZipInfo has a fixed date, so the same model makes the same file.
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()
