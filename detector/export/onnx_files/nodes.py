"""An ONNX graph in the making."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import ArrayLike
from onnx import TensorProto, helper, numpy_helper

# RKNN's compiler takes operator sets 12 to 19, Hailo's 8 and 11 to 17, OAK's all of these. The form of the file (IR) is
# the one of that set's year: compilers refuse a newer one than they know.
OPSET, IR_VERSION = 12, 7
FLOAT, INT = TensorProto.FLOAT, TensorProto.INT64

Shape = tuple[int, ...]


class Untranslatable(Exception):
    """A network has something that no network of ours has had so far. str() names it."""


class Nodes:
    """Nodes and constants, in the order in which they are added. A node has the name of its first output."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}
        self._taken: set[str] = set()

    def add(self, operator: str, inputs: Sequence[str], *outputs: str, **attributes: Any) -> str:
        """Add a node, and return the name of its first output. Raises ValueError for a name that is taken."""
        if not self._taken.isdisjoint(outputs):
            raise ValueError(f"There is a node of one of these names: {outputs}")
        self._taken.update(outputs)
        self._nodes.append(helper.make_node(operator, inputs, outputs, name=outputs[0], **attributes))
        return outputs[0]

    def constant(self, name: str, values: ArrayLike) -> str:
        """Add a constant, unless there is one of that name; float32, or int64 where all of it are integers."""
        array = np.asarray(values)
        kind = np.int64 if np.issubdtype(array.dtype, np.integer) else np.float32
        self._constants.setdefault(name, numpy_helper.from_array(array.astype(kind), name))
        return name

    def model(
        self,
        name: str,
        inputs: Mapping[str, tuple[int, Shape]],
        outputs: Mapping[str, tuple[int, Shape]],
        description: str = "",
        properties: Mapping[str, str] | None = None,
    ) -> bytes:
        """Return the file. `inputs`, `outputs`: names -> type and shape. `properties`: for programs that load it."""
        graph = helper.make_graph(
            self._nodes,
            name,
            [helper.make_tensor_value_info(key, *value) for key, value in inputs.items()],
            [helper.make_tensor_value_info(key, *value) for key, value in outputs.items()],
            list(self._constants.values()),
        )
        model = helper.make_model(
            graph,
            ir_version=IR_VERSION,
            opset_imports=[helper.make_opsetid("", OPSET)],
            producer_name="ftcml",
            doc_string=description,
        )
        helper.set_model_props(model, dict(properties or {}))
        return model.SerializeToString(deterministic=True)
