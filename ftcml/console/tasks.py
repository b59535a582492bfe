"""Celery's entry point to the console."""

from celery import shared_task

from ftcml.console.services import seasons, storage_use
from ftcml.installation import identity


@shared_task
def measure_storage() -> None:
    storage_use.measure()


@shared_task
def measure_full_teams() -> None:
    storage_use.measure_full_teams()


@shared_task
def archive_seasons() -> None:
    """Go on with seasons that are being archived."""
    if not identity.work_must_wait():
        seasons.advance()
