"""A program for gunicorn that serves one download, in the middle of which a file turns out to be lost."""

import os
from collections.abc import Callable, Iterable, Iterator

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ftcml.settings")
django.setup()

from datasets.services.downloads import Download  # noqa: E402
from ftcml.core.files.storage import StorageAway  # noqa: E402
from ftcml.core.files.streams import begun  # noqa: E402


def _pieces(error: Exception) -> Iterator[bytes]:
    yield b"PK" + bytes(1000)
    yield bytes(1000)
    raise error


def application(environ: dict, start_response: Callable) -> Iterable[bytes]:
    error = StorageAway() if environ["PATH_INFO"] == "/away" else FileNotFoundError("frames/0.jpg")
    answer = Download("cones.zip", begun(_pieces(error), "dataset 7")).response()
    start_response("200 OK", list(answer.items()))
    return answer
