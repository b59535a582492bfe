"""The sign of life of a program without an address: a file that it touches, for a container's health check."""

from contextlib import suppress
from pathlib import Path

from django.conf import settings


def show() -> None:
    """Touch the file that FTCML_ALIVE_FILE names, if it names one."""
    if settings.ALIVE_FILE:
        with suppress(OSError):  # a full disk: the check fails, and the work continues
            Path(settings.ALIVE_FILE).touch(mode=0o600)
