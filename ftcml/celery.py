"""The Celery application. Messages are wake-ups only: the database rows say what there is to do."""

import logging
import os
from typing import Any

import kombu.exceptions
from celery import Celery
from celery.signals import heartbeat_sent, setup_logging, task_postrun, task_prerun
from django.conf import settings
from structlog.contextvars import bind_contextvars, clear_contextvars

from ftcml.core.logging import logs
from ftcml.core.programs import alive

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ftcml.settings")

app = Celery("ftcml")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

log = logging.getLogger(__name__)


def wake(task_name: str) -> None:
    """Send the task of that name as a wake-up. By name, so that the verbs need not know who runs them.

    Losing a wake-up is harmless: the periodic sweep sends it again while a row waits. So a broker that cannot be
    reached costs a log line and nothing else.
    """
    try:
        app.send_task(task_name, retry=False)
    except (kombu.exceptions.OperationalError, ConnectionError) as error:
        log.warning("broker not reached, %s will be sent again by the sweep: %s", task_name, error)


@heartbeat_sent.connect
def _show_life(**kwargs: Any) -> None:
    """Show that this worker listens to the broker. Celery sends the signal every two seconds, while it does."""
    alive.show()


@setup_logging.connect
def _configure_logs(**kwargs: Any) -> None:
    """Workers and beat log as the web server does; that somebody listens keeps Celery from its own configuration."""
    logs.configure(settings.LOGGING)


@task_prerun.connect
def _bind_task(task_id: str, task: Any, **kwargs: Any) -> None:
    clear_contextvars()
    bind_contextvars(task=task.name, task_id=task_id)


@task_postrun.connect
def _forget_task(**kwargs: Any) -> None:
    clear_contextvars()
