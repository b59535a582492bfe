"""Stored files on their way to a person: one that is lost, and answers that are made while they are sent."""

import logging
from collections.abc import Iterator
from itertools import chain
from typing import TypeVar

from django.http import FileResponse, Http404, HttpResponse

from ftcml.core.files import storage
from ftcml.core.pictures.small import small

log = logging.getLogger(__name__)


class FileLost(Http404):
    """A file that the database knows isn't in the storage. str() is the sentence for the person."""


def picture(name: str, lost: str) -> FileResponse:
    """Return a stored picture (JPEG). Raises FileLost, which says `lost`."""
    try:
        return FileResponse(storage.open_file(name), content_type="image/jpeg")
    except FileNotFoundError:
        raise FileLost(lost) from None


def small_picture(name: str, lost: str) -> HttpResponse:
    """Return a stored picture as a gallery shows it. Raises FileLost, which says `lost`."""
    try:
        with storage.open_file(name) as stored:
            return HttpResponse(small(stored), content_type="image/jpeg")
    except FileNotFoundError:
        raise FileLost(lost) from None


Piece = TypeVar("Piece", str, bytes)


def begun(pieces: Iterator[Piece], what: str) -> Iterator[Piece]:
    """Return the same pieces, the first of which is made now, so that its error can still become an answer.

    A later error is logged with `what` is sent, and goes on to the web server. That breaks the connection off in the
    middle of the answer, which a browser shows as a download that failed.
    """
    return chain([next(pieces)], _told(pieces, what))


def _told(pieces: Iterator[Piece], what: str) -> Iterator[Piece]:
    try:
        yield from pieces
    except Exception:
        log.exception("%s broke off while it was sent", what)
        raise
