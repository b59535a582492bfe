"""Stops an upload that is too large, or that the disk has no room for, before it fills the disk."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from ftcml.core import messages
from ftcml.core.files import storage
from ftcml.core.requests.client_limits import SMALL_REQUEST_BYTES

# Between two looks at how full the disk is.
_BETWEEN_LOOKS = 64 * 1024**2
# Of a view: what the gate looks for, namely the methods with which its requests may be large.
UPLOADS_MARK = "takes_uploads"
# Of a view that people reach without signing in: finds out whose upload a request is part of.
SENDER_MARK = "sender_of_upload"

View = TypeVar("View", bound=Callable[..., Any])


def takes_uploads(view: View, methods: Iterable[str] = ("POST",)) -> View:
    """Mark a view as one whose requests of these methods may be large."""
    setattr(view, UPLOADS_MARK, frozenset(methods))
    return view


def from_known_sender(view: View, sender: Callable[[HttpRequest], int | None]) -> View:
    """Mark a view whose large requests come from the person that `sender` returns, signed in or not."""
    setattr(view, SENDER_MARK, sender)
    return view


def most_bytes() -> int:
    """Return the largest request that an upload may be: the file and a form's other fields."""
    return settings.IMPORT_MAX_ARCHIVE_BYTES + SMALL_REQUEST_BYTES


class SizeGuard(FileUploadHandler):
    """Counts the bytes of an upload and passes them on. Comes first of all handlers. Raises RequestDataTooBig."""

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: str | None = None
    ) -> None:
        if content_length > most_bytes():
            raise RequestDataTooBig(too_large(content_length))
        if content_length > SMALL_REQUEST_BYTES and (refusal := storage.nearly_full()):
            raise RequestDataTooBig(refusal)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if start + len(raw_data) > settings.IMPORT_MAX_ARCHIVE_BYTES:
            raise RequestDataTooBig(too_large(start + len(raw_data)))
        if start // _BETWEEN_LOOKS != (start + len(raw_data)) // _BETWEEN_LOOKS and (full := storage.nearly_full()):
            raise RequestDataTooBig(full)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def too_large(size: int) -> str:
    """Return the sentence for a file of `size` bytes that is over the limit."""
    return messages.file_too_large(size, settings.IMPORT_MAX_ARCHIVE_BYTES)
