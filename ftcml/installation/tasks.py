"""Celery's way in."""

from celery import shared_task

from ftcml.installation import identity, removals


@shared_task
def watch() -> None:
    """Sound or end the alarm about the storage's identity, and wake a worker for removals that wait."""
    identity.watch()
    if removals.due().exists():
        removals.wake_remover()


@shared_task
def remove_deleted() -> None:
    removals.remove_deleted()
