"""Celery's entry points to training. Messages carry no job: the rows say what there is to do."""

from celery import shared_task

from training.integrity import sweeping, unused_files
from training.trash import emptying
from training.worker import training_worker


@shared_task
def run_next_job() -> None:
    """Train what waits, until nothing does."""
    training_worker.work()


@shared_task
def sweep() -> None:
    sweeping.sweep()
    emptying.make_room()


@shared_task
def tidy() -> None:
    emptying.empty_old()
    unused_files.remove_unused_files()
