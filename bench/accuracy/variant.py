"""Our trainer, changed: `python -m bench variant random|reference|CHANGES DIR` trains the job of a folder.

random: the default recipe for a model without weights. reference: what the reference engine does, in our engine. Only
MobileNetV2 starts from weights, the rest from nothing, all of it learns, and the learning rate is that of the
reference's configuration, in proportion to the batch. CHANGES: a JSON object of the recipe's fields, and of three more.
"labels_alike": whether all labels start alike, from the mean of what the weights know.
"mosaic": the part of the frames that are four in one. "label_prior": whether scores start by how frequent labels are.
"""

import argparse
import json
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from detector.contract.catalog import StartingModel

if TYPE_CHECKING:
    from detector.network import Detector

# In the reference's configurations, by starting model: the learning rate of one frame in the batch.
_RATE_A_FRAME = {"SSD MobileNet v2 320x320": 0.8 / 512}
_RATE_A_FRAME_OF_FPN = 0.08 / 128
# Its warm-up is 2000 of 50000 steps.
_WARM_UP = 0.04


def train_random(folder: Path) -> bool:
    """Train with no weights. Returns whether it did not fail."""
    from detector.training import train
    from detector.weights.named_weights import Weights

    with patch.object(train, "starting_weights", lambda *chosen: Weights()):
        return _train(folder)


def train_reference(folder: Path) -> bool:
    """Train as the reference does. Returns whether it did not fail."""
    from bench.accuracy import backbone_weights
    from detector import network
    from detector.contract import spec
    from detector.contract.recipe import Precision, Recipe, Start, recipe
    from detector.network import Detector
    from detector.training import train
    from detector.weights.named_weights import Weights

    steps = spec.read(folder / spec.JOB, spec.JobSpec).steps

    def build(chosen: StartingModel, label_count: int, precision: Precision, start: Weights) -> Detector:
        detector = network.build(chosen, label_count, precision, start)
        backbone_weights.fill(detector.parts)
        return detector

    def with_its_rate(chosen: StartingModel, batch_size: int, start: Start) -> Recipe:
        rate = batch_size * _RATE_A_FRAME.get(chosen.name, _RATE_A_FRAME_OF_FPN)
        untrained = recipe(chosen, batch_size, start)
        return replace(untrained, learning_rate=rate, warmup_steps=max(1, round(_WARM_UP * steps)))

    with (
        patch.object(train, "starting_weights", lambda *chosen: Weights()),
        patch.object(train, "build", build),
        patch.object(train, "recipe", with_its_rate),
    ):
        return _train(folder)


def train_changed(changes: str, folder: Path) -> bool:
    """Train with `changes` of the default recipe. Returns whether it did not fail."""
    from bench.accuracy import mosaic
    from detector.contract.recipe import Recipe, recipe
    from detector.frames import inputs
    from detector.training import train

    fields = json.loads(changes)
    part, has_prior = fields.pop("mosaic", 0), fields.pop("label_prior", False)
    are_alike = fields.pop("labels_alike", False)

    def changed(*known: Any) -> Recipe:
        return replace(recipe(*known), **fields)

    with ExitStack() as patches:
        patches.enter_context(patch.object(train, "recipe", changed))
        if are_alike:
            patches.enter_context(patch.object(train, "start_labels", lambda detector, *_: detector))
        if part:
            patches.enter_context(patch.object(inputs, "shuffled", partial(mosaic.shuffled, part)))
        if has_prior:
            patches.enter_context(patch.object(train, "build", partial(_build_with_prior, _label_prior(folder))))
        return _train(folder)


def _label_prior(folder: Path) -> NDArray[np.float32]:
    """The logarithm of each label's part of the training boxes, [L]."""
    from detector.contract import catalog, spec
    from detector.frames import inputs

    job = spec.read(folder / spec.JOB, spec.JobSpec)
    size = catalog.starting_model(job.starting_model).input_size
    truths = inputs.truths(inputs.Frames(job.training_shards, job.training_frames, size))
    counts = np.bincount(np.concatenate([truth.classes for truth in truths]), minlength=len(job.label_names))
    return np.log(np.maximum(counts, 1) / counts.sum()).astype(np.float32)


def _build_with_prior(prior: NDArray[np.float32], *chosen: Any, **named: Any) -> "Detector":
    """A detector whose scores' biases [anchors * L] are shifted by `prior` [L]."""
    from detector import network

    detector = network.build(*chosen, **named)
    for part in detector.parts:
        if part.columns:
            kernel, bias = part.conv.get_weights()
            part.conv.set_weights([kernel, bias + np.tile(prior, len(bias) // part.columns)])
    return detector


def _train(folder: Path) -> bool:
    from detector.training.train import train

    return train(folder).outcome != "failed"


VARIANTS: dict[str, Callable[[Path], bool]] = {"random": train_random, "reference": train_reference}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("variant", help=f"one of {', '.join(VARIANTS)}, or a JSON object")
    parser.add_argument("folder", type=Path, metavar="DIR")
    options = parser.parse_args()
    chosen = VARIANTS.get(options.variant) or partial(train_changed, options.variant)
    return 0 if chosen(options.folder) else 1


if __name__ == "__main__":
    sys.exit(main())
