"""The training workers that are alive, by what they last said of themselves."""

import os
from datetime import timedelta
from typing import cast

from django.db.models import QuerySet

from detector.contract.catalog import Accelerator
from ftcml.core import clock
from ftcml.installation.version import version
from training.models import Drain, TrainingWorker

# A worker that was silent for longer counts as gone.
SEEN_WITHIN = timedelta(minutes=2)


def live_workers() -> QuerySet[TrainingWorker]:
    """Those seen lately. A time to come is no sign of life: the clock was set back since."""
    now = clock.now()
    return TrainingWorker.objects.filter(last_seen__range=(now - SEEN_WITHIN, now + SEEN_WITHIN))


def taking_jobs() -> QuerySet[TrainingWorker]:
    """Return the live workers that take new trainings: no operator has drained them."""
    return live_workers().filter(drain="")


def live_accelerator() -> Accelerator:
    """What the live training workers train on; the slowest where they differ; "cpu" when there are none."""
    reported = set(live_workers().values_list("accelerator", flat=True))
    return cast(Accelerator, next((name for name in ("cpu", "gpu", "tpu") if name in reported), "cpu"))


def owner_name(name: str) -> str:
    """What a worker calls itself on a lease: its name and its process, which another process of that name is not."""
    return f"{name}:{os.getpid()}"[-100:]


def name_of(owner: str) -> str:
    """The name of the worker that is called so on a lease."""
    return owner.rpartition(":")[0]


def report(name: str, accelerator: str, devices: int, problem: str = "") -> Drain | None:
    """A worker says that it lives, and why it takes no job, "" where it would take one. Return what is asked of it."""
    now = {"accelerator": accelerator, "devices": devices, "version": version(), "problem": problem}
    worker, _ = TrainingWorker.objects.update_or_create(name=name, defaults={**now, "last_seen": clock.now()})
    return Drain(worker.drain) if worker.drain else None


def drain_of(name: str) -> Drain | None:
    """Return whether an operator has asked the worker of that name to come to rest, and how."""
    asked = TrainingWorker.objects.filter(name=name).values_list("drain", flat=True).first()
    return Drain(asked) if asked else None


def report_starting(name: str) -> None:
    """A worker begins, and does not know yet what it trains on."""
    TrainingWorker.objects.update_or_create(name=name, defaults={"last_seen": clock.now()})


def report_gone(name: str) -> None:
    """A worker ends in good order. One that was drained stays on the list, and is still drained at its next start."""
    TrainingWorker.objects.filter(name=name, drain="").delete()
    TrainingWorker.objects.filter(name=name).update(last_seen=clock.now() - 2 * SEEN_WITHIN)
