"""Celery's way in."""

from celery import shared_task

from ftcml.audit.services import access_log


@shared_task
def tidy() -> None:
    access_log.forget_old()
