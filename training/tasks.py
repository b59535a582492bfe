"""Celery's entry points to training. Messages carry no job: the rows say what there is to do."""

from celery import shared_task

from training import leftovers, sweeping, worker


@shared_task
def run_next_job() -> None:
    """Train what waits, until nothing does."""
    worker.work()


@shared_task
def sweep() -> None:
    sweeping.sweep()


@shared_task
def tidy() -> None:
    leftovers.remove_leftovers()
