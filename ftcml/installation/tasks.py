"""Celery's way in."""

from celery import shared_task

from ftcml.installation import identity


@shared_task
def watch() -> None:
    identity.watch()
