"""The Celery application. Messages are wake-ups only: the database rows say what there is to do."""

import logging
import os

import kombu.exceptions
from celery import Celery

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
