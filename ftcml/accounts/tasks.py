"""Celery's entry point to people and their doors."""

from importlib import import_module

from celery import shared_task
from django.conf import settings

from ftcml.accounts import api_tokens, guessing


@shared_task
def tidy() -> None:
    """Remove sessions and tokens that have ended, and wrong passwords that count no more."""
    guessing.forget_old_failures()
    api_tokens.forget_ended()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
