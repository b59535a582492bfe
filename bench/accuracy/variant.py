"""Our trainer, changed: `python -m bench variant random|reference|CHANGES DIR` trains the job of a folder.

random: the default recipe for a model without weights. reference: what the reference engine does, in our engine. Only
MobileNetV2 starts from weights, the rest from nothing, all of it learns, and the learning rate is that of the
reference's configuration, in proportion to the batch. CHANGES: a JSON object of the recipe's fields and of those of
bench.trials, with what they are set to; "rate_times": times the recipe's learning rate.
"""

import argparse
import json
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from detector.contract.catalog import StartingModel

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
    from detector.contract import attempt_files, spec
    from detector.contract.recipe import Precision, Recipe, Start, recipe
    from detector.network import Detector
    from detector.training import train
    from detector.weights.named_weights import Weights

    steps = attempt_files.read(folder / attempt_files.JOB, spec.JobSpec).steps

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
    """Train with `changes`: fields of the recipe, and those of bench.trials. Returns whether it did not fail."""
    from bench.trials.changes import CHANGES
    from detector.contract import attempt_files, spec
    from detector.contract.recipe import Recipe, recipe
    from detector.training import train

    fields = json.loads(changes)
    others = {name: fields.pop(name) for name in CHANGES if name in fields}
    job = attempt_files.read(folder / attempt_files.JOB, spec.JobSpec)

    def changed(*known: Any) -> Recipe:
        found = recipe(*known)
        rate = found.learning_rate * fields.get("rate_times", 1)
        named = {name: value for name, value in fields.items() if name != "rate_times"}
        return replace(found, **{"learning_rate": rate, **named})

    with ExitStack() as patches:
        patches.enter_context(patch.object(train, "recipe", changed))
        for name, value in others.items():
            patches.enter_context(CHANGES[name](value, job))
        return _train(folder)


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
