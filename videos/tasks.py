"""Celery's way in. The rows say what there is to do; a message only wakes a worker up."""

from celery import shared_task

from ftcml.installation import identity


@shared_task
def sweep() -> None:
    """Wake a worker for rows whose message or worker was lost."""
    if identity.work_must_wait():
        return


@shared_task
def tidy() -> None:
    """Remove what nobody needs anymore: uploads that were given up, tickets that ended."""
    if identity.work_must_wait():
        return
