"""Celery's entry point to the console."""

from celery import shared_task

from ftcml.console.services import storage_use


@shared_task
def measure_storage() -> None:
    storage_use.measure()


@shared_task
def measure_full_teams() -> None:
    storage_use.measure_full_teams()
