"""The DEVICE_FILES of a model: how each is made when the variants are there, and what runs it to measure it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from detector.contract.model_variants import LIMELIGHT, ONNX_NMS, ONNX_RAW, model_name
from detector.export import limelight
from detector.export.litert import Runner
from detector.export.onnx_files import onnx_model
from detector.export.onnx_files.onnx_runner import OnnxRunner
from detector.export.tflite import Exporter

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class DeviceFile:
    """`write`: makes the file in the folder that holds the variants. `runner`: of that file."""

    name: str
    write: Callable[[Exporter, Path], None]
    runner: Callable[[Path], Runner]


ALL = (
    DeviceFile(LIMELIGHT, limelight.write, limelight.runner),
    DeviceFile(ONNX_RAW, onnx_model.write_raw, OnnxRunner),
    DeviceFile(ONNX_NMS, onnx_model.write_with_nms, OnnxRunner),
)


def write_all(exporter: Exporter, folder: Path) -> None:
    """Write each of them. One that cannot be made costs the job neither the variants nor the others."""
    for file in ALL:
        try:
            file.write(exporter, folder)
        except Exception:
            log.exception("the file for %s was not made", file.name)


def runners(folder: Path) -> dict[str, Runner]:
    """What runs each of those that were made, by its name. One that cannot be run is removed."""
    running = {}
    for file in ALL:
        path = folder / model_name(file.name)
        if not path.exists():
            continue
        try:
            running[file.name] = file.runner(path)
        except Exception:
            log.exception("the file for %s does not run", file.name)
            path.unlink()
    return running
