"""Celery's entry point to people and their doors."""

from importlib import import_module

from celery import shared_task
from django.conf import settings

from ftcml.accounts import guessing


@shared_task
def tidy() -> None:
    """Remove sessions that have ended, and wrong passwords that count no more."""
    guessing.forget_old_failures()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
