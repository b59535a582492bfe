"""Endpoints that make something once, however often a program asks: the header `Idempotency-Key`.

As the IETF's draft has it: the same request under the same key gets the first answer again, for a day; another request
under that key is refused with 422; and while the first one is still being answered, with 409. A request that is refused
makes nothing and is forgotten, so that it may be sent again under its key.
"""

import hashlib
import json
import re
import uuid
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from ftcml.core.requests.api_errors import Conflict, ErrorSerializer, Refused
from ftcml.integrations import messages
from ftcml.integrations.services import kept_answers
from ftcml.integrations.services.kept_answers import Claim, LeaseLost, OtherRequest, StillAnswered

HEADER = "Idempotency-Key"
# Of an answer that was given before.
REPLAYED = "Idempotent-Replayed"
# A string of RFC 8941, and the same without its quotes, as many programs send it.
_QUOTED = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])*)"')
_BARE = re.compile(r"[!#-~]+")
_LONGEST = 255

# For the description of an endpoint.
KEY = OpenApiParameter(
    HEADER,
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    pattern=r"^[!-~]+$",
    description="Any text of up to 255 characters that you use for this request alone, such as a UUID. Sent again with "
    "the same key within a day, the request makes nothing new, and you get the first answer.",
)
REPEATED = dict.fromkeys((409, 422), ErrorSerializer)

Handler = Callable[..., Any]


class KeyReused(APIException):
    """The key stands for another request."""

    status_code = 422
    default_detail = messages.OTHER_REQUEST


def once(headers: Iterable[str] = ()) -> Callable[[Handler], Handler]:
    """Let a program send the request of this handler again. It's called with `made_id`, the id of what it makes.

    `made_id` is None without a key. The handler returns what has that id where it is there already. `headers`: those
    that say what is made, where the body doesn't.
    """

    def decorate(handler: Handler) -> Handler:
        @wraps(handler)
        def wrapped(view: Any, request: Request, *args: Any, **kwargs: Any) -> Any:
            if not (key := _key(request)):
                return handler(view, request, *args, made_id=None, **kwargs)
            claim = _claim(request, key, _fingerprint(request, headers))
            if claim.answer is not None:
                return _again(claim.answer)
            return _answered(claim, lambda made_id: handler(view, request, *args, made_id=made_id, **kwargs))

        return wrapped

    return decorate


def _answered(claim: Claim, answer: Callable[[uuid.UUID], Any]) -> Any:
    """Make the answer and keep it."""
    try:
        response = answer(claim.made_id)
    except (APIException, Http404, PermissionDenied):
        claim.forget()
        raise
    except IntegrityError:
        claim.give_back()
        raise Conflict(messages.STILL_ANSWERED) from None  # another has just made it under this id
    except BaseException:
        with suppress(LeaseLost):
            claim.give_back()
        raise
    with suppress(LeaseLost):
        claim.keep(_stored(response))
    return response


def _key(request: Request) -> str:
    """Return the key, "" without one. Raises Refused."""
    if (said := request.headers.get(HEADER)) is None:
        return ""
    quoted = _QUOTED.fullmatch(said.strip())
    key = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else said.strip()
    if not 1 <= len(key) <= _LONGEST or not (quoted or _BARE.fullmatch(key)):
        raise Refused(messages.BAD_KEY)
    return key


def _claim(request: Request, key: str, fingerprint: str) -> Claim:
    """Raises Conflict and KeyReused."""
    try:
        return kept_answers.claim(request.user, key, fingerprint)
    except OtherRequest:
        raise KeyReused from None
    except StillAnswered:
        raise Conflict(messages.STILL_ANSWERED) from None


def _fingerprint(request: Request, headers: Iterable[str]) -> str:
    """Return what tells this request from all others: team, address, and what it says."""
    said = {name: request.headers.get(name, "") for name in headers} or _said(request.data)
    return kept_answers.digest(request.team.pk, request.method, request.path, said)


def _said(data: Any) -> Any:
    """Return a body as JSON has it, with a digest in the place of each file."""
    if not hasattr(data, "lists"):
        return data
    return {name: [_value(value) for value in values] for name, values in data.lists()}


def _value(value: Any) -> Any:
    if not isinstance(value, UploadedFile):
        return value
    digest = hashlib.sha256()
    for piece in value.chunks():
        digest.update(piece)
    value.seek(0)
    return [value.name, digest.hexdigest()]


def _stored(response: HttpResponse) -> dict[str, Any]:
    data = json.loads(JSONRenderer().render(response.data) or b"null") if isinstance(response, Response) else None
    kept = {name: value for name, value in response.items() if name not in ("Content-Length", "Vary", "Allow")}
    return {"status": response.status_code, "headers": kept, "data": data}


def _again(answer: dict[str, Any]) -> HttpResponse:
    headers = {**answer["headers"], REPLAYED: "true"}
    if answer["data"] is not None:
        return Response(answer["data"], status=answer["status"], headers=headers)
    response = HttpResponse(status=answer["status"], headers=headers)
    if "Content-Type" not in answer["headers"]:
        del response["Content-Type"]
    return response
