"""How long a training takes on this server: by its own jobs, or else by what its workers measured at their start."""

import math
from statistics import median
from typing import cast

from django.db.models import F

from detector.contract import catalog
from detector.contract.catalog import Accelerator
from training.models import MeasuredSpeed, TrainingJob
from training.services import registry

_RECENT_JOBS = 5
# Of this many steps people are told how long they take here, and above so many minutes that this is slow.
EXAMPLE_STEPS = 1000
SLOW_MINUTES = 90


def estimated_minutes(model: catalog.StartingModel, accelerator: Accelerator, frames_to_train: int) -> int | None:
    """Return the minutes in RUNNING to train on so many frames; None where nothing was measured.

    By this server's last five jobs of the kind, whose times hold their evaluations too; else by the workers' own
    measurements, which don't.
    """
    jobs = TrainingJob.objects.filter(starting_model=model.name, accelerator=accelerator)
    begun = jobs.filter(steps_completed__gt=F("first_step"), live_step__gt=F("first_step"))
    measured = begun.filter(training_seconds__gt=0, batch_size__gt=0).order_by("-created")
    trained = list(measured.values_list("training_seconds", F("live_step") - F("first_step"), "batch_size"))
    speeds = [seconds / (steps * batch) for seconds, steps, batch in trained[:_RECENT_JOBS]]
    if not speeds:
        measurements = MeasuredSpeed.objects.filter(starting_model=model.name, accelerator=accelerator)
        speeds = list(measurements.values_list("seconds_per_frame", flat=True))
    return _minutes(frames_to_train, median(speeds)) if speeds else None


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


def _minutes(frames: int, seconds_per_frame: float) -> int:
    return max(1, math.ceil(frames * seconds_per_frame / 60))
