"""Celery's way in. The rows say what there is to do; a message only wakes a worker up."""

from celery import shared_task

from datasets import leases, production
from datasets.leftovers import remove_leftovers


@shared_task
def import_next() -> None:
    """Do the waiting imports, one after the other, until none waits."""
    while dataset := leases.waiting().first():
        production.produce(dataset)


@shared_task
def sweep() -> None:
    """Wake an import worker for rows whose message or worker was lost."""
    if leases.waiting().exists():
        production.wake_import_worker()


@shared_task
def tidy() -> None:
    remove_leftovers()
