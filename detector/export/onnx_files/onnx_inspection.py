"""What an `.onnx` file takes and gives, for people."""

import textwrap
from collections import Counter
from collections.abc import Iterator

import onnx
from google.protobuf.message import DecodeError
from onnx import TensorProto, ValueInfoProto

_WIDTH = 100


def lines(data: bytes) -> Iterator[str]:
    """Raises ValueError for what is no such file."""
    try:
        model = onnx.load_from_string(data)
    except DecodeError:
        raise ValueError("This is not a whole .onnx file.") from None
    graph = model.graph
    rows = [("input", value) for value in graph.input]
    rows += [(f"output {place}", value) for place, value in enumerate(graph.output)]
    width = max((len(value.name) for _, value in rows), default=0)
    yield from (f"  {role:10}{value.name:{width}}  {_form(value)}" for role, value in rows)
    counts = [f"{count} {kind}" for kind, count in Counter(node.op_type for node in graph.node).most_common()]
    yield from textwrap.wrap(f"  operators {', '.join(counts)}", _WIDTH, subsequent_indent="    ")
    sets = ", ".join(f"{one.domain or 'ONNX'} {one.version}" for one in model.opset_import)
    yield f"  operator sets {sets}, IR version {model.ir_version}"
    for entry in model.metadata_props:
        yield f"  {entry.key}: {', '.join(entry.value.splitlines())}"


def _form(value: ValueInfoProto) -> str:
    tensor = value.type.tensor_type
    sides = ", ".join(str(side.dim_value) for side in tensor.shape.dim)
    return f"{TensorProto.DataType.Name(tensor.elem_type).lower():8} [{sides}]"
