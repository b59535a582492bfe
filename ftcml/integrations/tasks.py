"""Celery's entry points to what is told to others. The rows say what there is to send."""

from celery import shared_task

from ftcml.integrations.services import kept_answers, sending


@shared_task
def deliver() -> None:
    """Send some of what is due."""
    sending.take_turn()


@shared_task
def tidy() -> None:
    """Remove answers that no one can ask for again, and old events."""
    kept_answers.forget_old()
    sending.forget_old()
