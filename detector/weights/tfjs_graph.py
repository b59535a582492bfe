"""The weights inside a TensorFlow.js graph model: a folder with model.json and the shards that it names."""

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def arrays(folder: Path) -> dict[str, NDArray[np.float32]]:
    """Return the float32 arrays of the graph in a folder, by name: its shards are one after the other in memory."""
    found: dict[str, NDArray[np.float32]] = {}
    for group in json.loads((folder / "model.json").read_text())["weightsManifest"]:
        data, place = b"".join((folder / path).read_bytes() for path in group["paths"]), 0
        for entry in group["weights"]:
            kind = np.dtype(entry["dtype"])
            count = int(np.prod(entry["shape"]))
            if kind == np.float32:
                array = np.frombuffer(data, kind, count, place).reshape(entry["shape"])
                found[entry["name"].removeprefix("StatefulPartitionedCall/")] = array
            place += count * kind.itemsize
    return found
