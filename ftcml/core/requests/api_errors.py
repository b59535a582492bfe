"""Every error of the API is JSON with one sentence in `detail`; wrong input also names its `fields`."""

import logging
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import UnreadablePostError
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, ErrorDetail, NotFound, Throttled, ValidationError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler, set_rollback

from ftcml.core import busy, messages
from ftcml.core.files.storage import StorageAway
from ftcml.core.requests import deleted_rows

log = logging.getLogger(__name__)


class Refused(APIException):
    """The request can't be done, and this says why."""

    status_code = status.HTTP_400_BAD_REQUEST


class Conflict(APIException):
    """The request conflicts with the current state."""

    status_code = status.HTTP_409_CONFLICT


class TooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE


class ErrorSerializer(serializers.Serializer):
    """The body of every error."""

    detail = serializers.CharField(help_text="One sentence for a person.")
    fields = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="With wrong input: the name of each wrong field, and what is wrong with it.",
    )


class ErrorsInJson(DefaultContentNegotiation):
    """Lets a client that asks for a file alone have it; what is rendered are the errors, for whoever asks.

    Nor does a `format` in the address choose how they are rendered.
    """

    def select_renderer(
        self, request: Request, renderers: list[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type


class Unavailable(APIException):
    status_code = status.HTTP_503_SERVICE_UNAVAILABLE


class TooOften(Throttled):
    """In this many seconds it may be tried again. The sentence says so already."""

    def __init__(self, seconds: int, sentence: str) -> None:
        super().__init__(detail=sentence)
        self.wait = seconds  # becomes Retry-After


class ServerBusy(Unavailable):
    default_detail = messages.BUSY
    wait = busy.RETRY_SECONDS  # becomes Retry-After


def as_json(error: Exception, context: dict[str, Any]) -> Response:
    """Answer as DRF's exception handler. Unexpected errors go to the log, never to the client."""
    if isinstance(error, RequestDataTooBig):
        error = TooLarge(str(error))
    elif isinstance(error, UnreadablePostError):
        error = Refused(messages.BROKE_OFF)
    elif isinstance(error, SuspiciousOperation):
        error = Refused(messages.UNREADABLE)
    elif isinstance(error, StorageAway):
        error = Unavailable(str(error))
    elif deleted_rows.is_deletion(error, context["request"].method, context["request"].path):
        error = NotFound(messages.GONE)
    elif busy.is_busy(error):
        log.warning("%s %s: the server is busy", context["request"].method, context["request"].path)
        error = ServerBusy()
    response = exception_handler(error, context)
    if response is None:
        log.exception("%s %s broke", context["request"].method, context["request"].path, exc_info=error)
        set_rollback()
        return Response({"detail": messages.BROKEN}, status=status.HTTP_500_INTERNAL_SERVER_ERROR)
    if isinstance(error, ValidationError):
        response.data = _of_input(error.detail)
    return response


def _of_input(detail: Any) -> dict[str, Any]:
    """{"description": ["…"]} -> {"detail": "description: …", "fields": {"description": ["…"]}}."""
    if not isinstance(detail, dict):
        return {"detail": " ".join(_sentences(detail))}
    own_key = api_settings.NON_FIELD_ERRORS_KEY
    fields = {name: _sentences(errors) for name, errors in detail.items() if name != own_key}
    words = _sentences(detail.get(own_key, []))
    words += [f"{name}: {' '.join(sentences)}" for name, sentences in fields.items()]
    return {"detail": " ".join(words), **({"fields": fields} if fields else {})}


def _sentences(errors: Any) -> list[str]:
    """Return every sentence in nested lists and dictionaries of errors."""
    if isinstance(errors, (str, ErrorDetail)):
        return [str(errors)]
    nested = errors.values() if isinstance(errors, dict) else errors
    return [sentence for part in nested for sentence in _sentences(part)]
