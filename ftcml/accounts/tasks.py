"""Celery's entry point to people and their doors."""

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore

from ftcml.accounts.services import api_tokens, guessing
from ftcml.accounts.services.mailing import waiting
from ftcml.accounts.services.membership import keys, slips
from ftcml.accounts.services.sign_on import sessions
from ftcml.core import clock


@shared_task
def tidy() -> None:
    """Remove sessions, tokens, slips and join keys that have ended, and wrong passwords that no longer count."""
    guessing.forget_old_failures()
    api_tokens.forget_ended()
    slips.forget_old()
    keys.forget_ended()
    waiting.forget_old()
    _forget_ended_sessions()
    sessions.forget_ended()


@shared_task
def send_mails() -> None:
    """Send the mails that wait."""
    waiting.send_all()


def _forget_ended_sessions() -> None:
    """As SessionStore.clear_expired does, by the database's clock: this machine's may be ahead."""
    sessions = SessionStore.get_model_class()._default_manager
    sessions.filter(expire_date__lt=clock.now()).delete()
