"""How a detector is trained: one frozen record, written beside the job so that what was in force can be read later."""

from dataclasses import dataclass
from typing import Literal

from detector.contract.catalog import StartingModel

Precision = Literal["float32", "bfloat16"]
# What of a network starts from trained weights.
Start = Literal["nothing", "backbone", "everything"]


@dataclass(frozen=True)
class Recipe:
    """Every number of a training. docs/contributors/recipe.md says what was tried.

    `learning_rate`: after `warmup_steps`, from where it falls along half a cosine to 0 at the last step.
    `frozen_blocks`: of MobileNetV2, the stem included, what keeps its weights and needs no backward pass.
    `weight_decay`: L2 on the kernels that learn. `match_iou`: an anchor belongs to the box it overlaps at least
    that much. `zoom`: the range of the random zoom; below 1 the frame shrinks. `kept_part`: a box that a zoom
    leaves with less of its area than this is gone. `brightness`: of the range [-1, 1], added. `contrast`: factors.
    `hue`: degrees that colors turn at most. `saturation`: factors. `max_gradient_norm`: longer gradients, taken all
    together, are cut to this length; 0 for none. `average_decay`: what is evaluated and exported is a moving
    average of the weights, which forgets by this; 0 for none. `precision`: of what the network computes; weights,
    losses and updates are float32.
    """

    learning_rate: float
    warmup_steps: int
    momentum: float
    weight_decay: float
    frozen_blocks: int
    match_iou: float = 0.5
    focal_alpha: float = 0.75
    focal_gamma: float = 2.0
    box_weight: float = 1.0
    mirror: float = 0.5
    zoom: tuple[float, float] = (0.6, 1.4)
    kept_part: float = 0.3
    brightness: float = 0.25
    contrast: tuple[float, float] = (0.7, 1.3)
    hue: float = 15.0
    saturation: tuple[float, float] = (0.6, 1.6)
    max_gradient_norm: float = 3.0
    average_decay: float = 0.98
    precision: Precision = "float32"


def recipe(model: StartingModel, batch_size: int, start: Start) -> Recipe:
    """The recipe for a starting model: fine-tuning where it starts from weights, training of everything elsewhere.

    The learning rates are those of batch 32 and fall with smaller batches ("Accurate, Large Minibatch SGD", 2017).
    SSD memorizes frames that are too few to fill its batch: its rate falls by as much again, down to a quarter. A
    pyramid, which knows less at the start, needs all of the rate.
    """
    share = min(batch_size / 32, 1.0)
    if model.head == "ssd":
        share *= max(0.25, min(1.0, batch_size / min(model.batch_sizes.values())))
    if start == "nothing":
        return Recipe(0.08 * share, 5, 0.9, weight_decay=4e-5, frozen_blocks=0, max_gradient_norm=10.0)
    if model.head == "far":
        # What makes small objects out is learned near the pixels.
        return Recipe(0.04 * share, 20, 0.9, weight_decay=4e-5, frozen_blocks=3)
    return Recipe(0.04 * share, 20, 0.9, weight_decay=4e-5, frozen_blocks=9)
