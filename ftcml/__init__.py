"""The server: its settings, addresses and Celery application here, everything else in folders."""

from ftcml.celery import app as celery_app

__all__ = ["celery_app"]
