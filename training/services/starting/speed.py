"""How long a training takes on this server: by its own jobs, or else by what its workers measured at their start."""

import math
from statistics import median
from typing import cast

from django.conf import settings
from django.db.models import F

from detector.contract import catalog
from detector.contract.catalog import Accelerator, StartingModel
from training.models import MeasuredSpeed, TrainingJob
from training.services import registry
from training.states import ALIVE

_RECENT_JOBS = 5
# Of this many steps people are told how long they take here, and above so many minutes that this is slow.
EXAMPLE_STEPS = 1000
SLOW_MINUTES = 90


def estimated_minutes(model: StartingModel, accelerator: Accelerator, frames_to_train: int) -> int | None:
    """Return the minutes in RUNNING to train on so many frames; None where nothing was measured."""
    seconds = seconds_per_frame(model, accelerator)
    return None if seconds is None else _minutes(frames_to_train, seconds)


def seconds_per_frame(model: StartingModel, accelerator: Accelerator) -> float | None:
    """Return what a training frame takes in RUNNING; None where nothing was measured.

    1. By this server's last five jobs of the kind, whose times hold their evaluations too.
    2. Else by what its workers measured of this model, or of another one, by the models' costs.
    3. Else by its last jobs with other models, by the models' costs.
    """
    speeds = [speed for _, speed in _of_jobs(accelerator, starting_model=model.name)]
    speeds = speeds or _measured(model, accelerator)
    speeds = speeds or [speed * _times(model, name) for name, speed in _of_jobs(accelerator)]
    return median(speeds) if speeds else None


def _of_jobs(accelerator: Accelerator, **kind: str) -> list[tuple[str, float]]:
    """The starting models and the seconds a frame of the last jobs."""
    jobs = TrainingJob.objects.filter(accelerator=accelerator, starting_model__in=_known_models(), **kind)
    begun = jobs.filter(steps_completed__gt=F("first_step"), live_step__gt=F("first_step"))
    measured = begun.filter(training_seconds__gt=0, batch_size__gt=0).order_by("-created")
    rows = measured.values_list("starting_model", "training_seconds", F("live_step") - F("first_step"), "batch_size")
    return [(name, seconds / (steps * batch)) for name, seconds, steps, batch in rows[:_RECENT_JOBS]]


def _measured(model: StartingModel, accelerator: Accelerator) -> list[float]:
    """What the workers measured of this model, or else of others."""
    measured = MeasuredSpeed.objects.filter(accelerator=accelerator, starting_model__in=_known_models())
    rows = list(measured.values_list("starting_model", "seconds_per_frame"))
    own = [seconds for name, seconds in rows if name == model.name]
    return own or [seconds * _times(model, name) for name, seconds in rows]


def _known_models() -> list[str]:
    return [model.name for model in catalog.starting_models()]


def _times(model: StartingModel, other: str) -> float:
    """How many times as long a frame of `model` takes as one of the other."""
    return model.cost / catalog.starting_model(other).cost


def is_being_measured() -> bool:
    """Return whether a worker of this server measures its machine now, or is about to.

    It does so when it is new, and while there is nothing else to do.
    """
    if not settings.MEASURE_SPEED or not registry.live_workers().exists():
        return False
    return not MeasuredSpeed.objects.exists() and not TrainingJob.objects.filter(state__in=ALIVE).exists()


def example_minutes() -> int | None:
    """Return the minutes that 1,000 steps of the default model take on the slowest of the workers that live.

    By their own measurements, in one query: every page of datasets asks for it. None where nothing was measured.
    """
    model = catalog.starting_model(catalog.DEFAULT)
    live = registry.live_workers().values("name")
    measurements = MeasuredSpeed.objects.filter(starting_model=model.name, worker__in=live)
    minutes = [
        _minutes(EXAMPLE_STEPS * model.batch_sizes[cast(Accelerator, accelerator)], seconds)
        for accelerator, seconds in measurements.values_list("accelerator", "seconds_per_frame")
    ]
    return max(minutes, default=None)


def steps_within(available: int, steps: int, estimate: int | None) -> int:
    """Return how many of a training's steps fit into the available minutes, in hundreds; 0 where that isn't known."""
    return 0 if estimate is None else min(steps, steps * available // estimate) // 100 * 100


def _minutes(frames: int, seconds_per_frame: float) -> int:
    return max(1, math.ceil(frames * seconds_per_frame / 60))
