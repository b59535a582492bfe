"""What a file of a model takes and gives, for people: `python -m detector inspect FILE`.

It reads what the file says of itself and runs nothing, so it needs no TensorFlow.
"""

import io
import textwrap
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ai_edge_litert import schema_py_generated as tflite_schema
from ai_edge_litert.tools import flatbuffer_utils

# Where the network's weights are.
_CONVOLUTIONS = ("CONV_2D", "DEPTHWISE_CONV_2D")
_MODEL, _ONNX, _LABELS = ".tflite", ".onnx", ".txt"
_WIDTH = 100


class NotAModel(Exception):
    """str() says what the file is not."""


def report(path: Path) -> str:
    """Return what stands in a `.tflite` or `.onnx` file, or in each file of a zip. Raises NotAModel, OSError."""
    data = path.read_bytes()
    if path.suffix == _ONNX:
        return "\n".join([_size(path.name, data), *_of_onnx(data)])
    if path.suffix == _MODEL:
        return "\n".join([_size(path.name, data), *_of_model(data)])
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
    except zipfile.BadZipFile:
        raise NotAModel(f"{path.name} is no .tflite file, .onnx file or zip.") from None
    return "\n\n".join([_size(path.name, data), *("\n".join(_of_file(name, inside)) for name, inside in files.items())])


def _of_file(name: str, data: bytes) -> Iterator[str]:
    yield _size(name, data)
    if name.endswith(_MODEL):
        yield from _of_model(data)
    elif name.endswith(_LABELS):
        yield from _of_labels(data)


def _of_onnx(data: bytes) -> Iterator[str]:
    from detector.export.onnx_files import onnx_inspection

    try:
        yield from onnx_inspection.lines(data)
    except ValueError as error:
        raise NotAModel(str(error)) from None


def _size(name: str, data: bytes) -> str:
    return f"{name}: {len(data):,} bytes"


def _of_labels(data: bytes) -> Iterator[str]:
    for number, label in enumerate(data.decode().split("\n")):
        yield f"  {number}  {label}"


def _of_model(data: bytes) -> Iterator[str]:
    try:
        model = flatbuffer_utils.convert_bytearray_to_object(bytearray(data))
        graph = model.subgraphs[0]
    except Exception:  # what a FlatBuffer's reader stumbles over when the bytes are another file's
        raise NotAModel("This is not a whole .tflite file.") from None
    tensors = [_Tensor.of(tensor) for tensor in graph.tensors]
    rows = [("input", tensors[index]) for index in graph.inputs]
    rows += [(f"output {place}", tensors[index]) for place, index in enumerate(graph.outputs)]
    width = max(len(tensor.name) for _, tensor in rows)
    yield from (f"  {role:10}{tensor.name:{width}}  {tensor.form}".rstrip() for role, tensor in rows)
    for signature in model.signatureDefs or []:
        yield f"  signature {signature.signatureKey.decode()}"
        for kind, maps in (("takes", signature.inputs), ("gives", signature.outputs)):
            yield from (f"    {kind} {each.name.decode()} = {tensors[each.tensorIndex].name}" for each in maps)
    yield from _of_operators(model, graph)
    yield from _of_metadata(model, data)


@dataclass(frozen=True)
class _Tensor:
    """`form`: its type, its sides, and what its numbers stand for where they are quantized."""

    name: str
    form: str

    @classmethod
    def of(cls, tensor: Any) -> "_Tensor":
        sides = ", ".join(map(str, [] if tensor.shape is None else tensor.shape))
        return cls(tensor.name.decode(), f"{_type(tensor):8} [{sides}]{_meaning(tensor)}")


def _meaning(tensor: Any) -> str:
    quantization = tensor.quantization
    if quantization is None or quantization.scale is None or len(quantization.scale) != 1:
        return ""
    zero, scale = quantization.zeroPoint[0], float(quantization.scale[0])
    return f"  means (value - {zero}) * {scale:.6g}"


def _type(tensor: Any) -> str:
    return _name_of(tflite_schema.TensorType, tensor.type).lower()


def _of_operators(model: Any, graph: Any) -> Iterator[str]:
    kinds = [_operator(model.operatorCodes[operator.opcodeIndex]) for operator in graph.operators]
    counts = [f"{count} {kind}" for kind, count in Counter(kinds).most_common()]
    yield from textwrap.wrap(f"  operators {', '.join(counts)}", _WIDTH, subsequent_indent="    ")
    convolutions = [operator for operator, kind in zip(graph.operators, kinds, strict=True) if kind in _CONVOLUTIONS]
    kernels = Counter(_kernel(graph, operator) for operator in convolutions)
    yield f"  convolutions {', '.join(f'{count} with {kind}' for kind, count in kernels.most_common())}"


def _kernel(graph: Any, convolution: Any) -> str:
    picture, kernel = (graph.tensors[index] for index in convolution.inputs[:2])
    scales = kernel.quantization.scale if kernel.quantization else None
    per_channel = ", a scale for each channel" if scales is not None and len(scales) > 1 else ""
    return f"{_type(picture)} values and {_type(kernel)} weights{per_channel}"


def _operator(code: Any) -> str:
    if code.customCode:
        return str(code.customCode.decode())
    return _name_of(tflite_schema.BuiltinOperator, code.builtinCode)


def _name_of(kinds: type, value: int) -> str:
    return next(name for name, number in vars(kinds).items() if number == value)


def _of_metadata(model: Any, data: bytes) -> Iterator[str]:
    for entry in model.metadata or []:
        if entry.name == b"min_runtime_version":
            oldest = bytes(model.buffers[entry.buffer].data).rstrip(b"\0").decode()
            yield f"  needs TensorFlow Lite {oldest} or later"
    names = [entry.name.decode() for entry in model.metadata or []]
    yield f"  metadata {', '.join(names) or 'none'}"
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as inside:
            for name in inside.namelist():
                yield f"  inside {name}: {', '.join(inside.read(name).decode().split(chr(10)))}"
