"""A checkpoint of the TF2 Detection Zoo, read into arrays under the names of zoo_layout.py.

Such a checkpoint names a variable by one path of attributes that leads to it, but holds the whole graph of objects.
Variables are found by walking that graph, so that it does not matter which of several paths became the name.
"""

from pathlib import Path

import numpy as np
import tensorflow as tf
from google.protobuf.message import DecodeError
from tensorflow.core.protobuf.trackable_object_graph_pb2 import TrackableObjectGraph

from detector.contract import zoo_archives
from detector.weights import zoo_layout
from detector.weights.zoo_layout import Variable

_GRAPH = "_CHECKPOINTABLE_OBJECT_GRAPH"
_VALUE = "VARIABLE_VALUE"


class UnfitCheckpoint(Exception):
    """A checkpoint that is not what the architecture demands; the message is a sentence for a person."""


def convert(checkpoint_prefix: str, archive_name: str) -> dict[str, np.ndarray]:
    """Every weight of the zoo's checkpoint `checkpoint_prefix` (a path such as checkpoint/ckpt-0), by our names.

    float32 arrays; kernels [H, W, in, out], depthwise [H, W, C, 1]. Raises UnfitCheckpoint, naming the first variable
    that is missing or of another shape, and KeyError where `archive_name` is unknown.
    """
    wanted = zoo_layout.variables(zoo_archives.archive(archive_name).architecture)
    try:
        checkpoint = _Checkpoint(checkpoint_prefix)
        keys = [checkpoint.key(variable, wanted) for variable in wanted]
        return {variable.name: checkpoint.value(key) for variable, key in zip(wanted, keys, strict=True)}
    except (tf.errors.OpError, ValueError, DecodeError) as error:
        raise UnfitCheckpoint(f"The checkpoint cannot be read: {error}") from None


def save(arrays: dict[str, np.ndarray], path: Path) -> None:
    with path.open("wb") as file:  # given a path, numpy would append .npz to a name that lacks it
        np.savez(file, allow_pickle=False, **arrays)


class _Checkpoint:
    def __init__(self, prefix: str) -> None:
        self._reader = tf.train.load_checkpoint(prefix)
        self._shapes = self._reader.get_variable_to_shape_map()
        self._types = self._reader.get_variable_to_dtype_map()
        if _GRAPH not in self._shapes:
            raise UnfitCheckpoint("The checkpoint is not one of TensorFlow 2: it has no graph of objects.")
        self._nodes = TrackableObjectGraph.FromString(self._reader.get_tensor(_GRAPH)).nodes

    def key(self, variable: Variable, wanted: list[Variable]) -> str:
        """The variable's own name in the checkpoint, its shape, type and layer being what they should."""
        attribute = self._find(0, variable.path.split("/"))
        if attribute is None or attribute.checkpoint_key not in self._shapes:
            raise UnfitCheckpoint(f"The checkpoint lacks {variable.name} ({variable.path}).")
        key = attribute.checkpoint_key
        shape = tuple(self._shapes[key])
        if shape != variable.shape or self._types[key] != tf.float32:
            raise UnfitCheckpoint(
                f"{variable.name} ({key}) is {self._types[key].name} {list(shape)} in the checkpoint,"
                f" and should be float32 {list(variable.shape)}."
            )
        _check_layer(variable, attribute.full_name, {other.layer for other in wanted} - {""})
        return key

    def value(self, key: str) -> np.ndarray:
        return np.asarray(self._reader.get_tensor(key), np.float32)

    def _find(self, node: int, path: list[str]) -> TrackableObjectGraph.TrackableObject.SerializedTensor | None:
        """The value at the end of the path, by the first of the alternative names that leads to one."""
        if not path:
            return next((value for value in self._nodes[node].attributes if value.name == _VALUE), None)
        children = {child.local_name: child.node_id for child in self._nodes[node].children}
        for name in path[0].split("|"):
            found = self._find(children[name], path[1:]) if name in children else None
            if found is not None:
                return found
        return None


def _check_layer(variable: Variable, full_name: str, layers: set[str]) -> None:
    """Bottlenecks of one shape could be taken for each other; the name that Keras gave to a layer tells them apart."""
    actual = full_name.rpartition("/")[0].rpartition("/")[2]
    if variable.layer and actual in layers and actual != variable.layer:
        raise UnfitCheckpoint(
            f"{variable.name} should be layer {variable.layer}, and the checkpoint has {actual} there."
        )
