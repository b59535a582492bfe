"""The changes by name, each with what it takes: bench.accuracy.variant puts them into force for one job."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from bench.trials import (
    atss,
    averaging,
    box_losses,
    label_starts,
    mosaic,
    pasting,
    quantized,
    simota,
    sizes,
    starting_weights,
)
from detector.contract.spec import JobSpec

# Name of the change -> (what it is set to, the job) -> the context in which the job is trained.
CHANGES: dict[str, Callable[[Any, JobSpec], AbstractContextManager[Any]]] = {
    "labels_alike": label_starts.alike,
    "label_prior": label_starts.by_frequency,
    "mosaic": mosaic.some_frames,
    "pasting": pasting.some_frames,
    "sizes": sizes.in_turn,
    "matching": lambda name, job: {"atss": atss.matching, "simota": simota.matching}[name](job),
    "constant_average": averaging.constant,
    "losses": box_losses.chosen,
    "quantized": quantized.at_the_end,
    "weights": starting_weights.packaged,
}
