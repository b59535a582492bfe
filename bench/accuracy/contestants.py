"""Who takes part in the race to a good model: ways to train one job, each a command that is given the job's folder."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from bench.accuracy.attempts import TRAIN
from detector.contract import catalog

DEFAULT_RECIPE, PEER = "default recipe", "RetinaNet of tf-models-official"
# The two starting models of which something is promised.
MODELS = (catalog.DEFAULT, "SSD MobileNet V2 FPNLite 320x320")
# It trains as many images a second as with 32, and takes twice the steps.
_PEER_BATCH = 16


@dataclass(frozen=True)
class Contestant:
    """`model`: whose job it trains. `batch_size`: None for the product's choice."""

    name: str
    model: str
    command: Sequence[str]
    batch_size: int | None = None


def default_recipe(model: str) -> str:
    """The name of the contestant that is our product."""
    return f"{model}, {DEFAULT_RECIPE}"


def peers() -> tuple[str, str]:
    """The names of the peers: as it comes, and helped by a trained backbone."""
    return f"{PEER}", f"{PEER}, backbone pre-trained"


def contestants(models: Sequence[str]) -> list[Contestant]:
    """All of them, for those of the models that the catalog has."""
    known = [model for model in catalog.starting_models() if model.name in models]
    ours = [contestant for model in known for contestant in _ours(model)]
    plain, helped = peers()
    size = known[0].name
    return [
        *ours,
        Contestant(plain, size, _module("bench.speed.peer_trainer", "plain"), _PEER_BATCH),
        Contestant(helped, size, _module("bench.speed.peer_trainer", "helped"), _PEER_BATCH),
    ]


def _ours(model: catalog.StartingModel) -> list[Contestant]:
    found = [Contestant(default_recipe(model.name), model.name, TRAIN)]
    if model.sources:
        random, reference = _module("bench.accuracy.variant", "random"), _module("bench.accuracy.variant", "reference")
        found.append(Contestant(f"{model.name}, random weights", model.name, random))
        found.append(Contestant(f"{model.name}, the reference's recipe", model.name, reference))
    return found


def _module(name: str, *words: str) -> Sequence[str]:
    return (sys.executable, "-m", name, *words)
