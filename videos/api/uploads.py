"""The API's door for uploads: the tus protocol behind a token."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import path, reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import APIException
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.views import APIView

from ftcml.accounts.services import scopes
from ftcml.accounts.services.access import get_for_team
from ftcml.accounts.services.throttle import UploadThrottle, too_often
from ftcml.core.files.uploads import takes_uploads
from ftcml.core.requests.api_errors import ErrorSerializer
from ftcml.integrations.services.once import KEY, REPEATED, once
from videos.models import Upload
from videos.refusals import VideoRefused
from videos.services.uploads import Sender
from videos.tus import answers, headers
from videos.tus.headers import TusRefused


class _Refusal(APIException):
    """Why not, with the protocol's own status."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status_code = status


class Part(BaseParser):
    """A part of a file, which the protocol's own code reads from the request."""

    media_type = headers.PART

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        return stream


def _header(name: str, description: str, required: bool = False) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, OpenApiParameter.HEADER, required=required, description=description)


_OFFSET = _header("Upload-Offset", description="How many bytes of the file are there.", required=True)
_NO_CONTENT = OpenApiResponse(description="Done. `Upload-Offset` says how many bytes are here.")
_HERE = OpenApiResponse(description="`Upload-Offset` says how many bytes are here.")
_METADATA = _header(
    "Upload-Metadata",
    description="Names and values in Base64, such as `filename YS5tcDQ=`: `filename`; `description`; `kind` "
    "(video, pictures, archive or recording); `frames` (differing, every_frame or every_nth) and `every`; `sha256` of "
    "the whole file. Several pictures with the same `set` become one video; `files` is the number of them.",
)


class Uploads(APIView):
    scopes = scopes.LABEL
    parser_classes = (Part,)

    @extend_schema(
        operation_id="videos_upload_begin",
        parameters=[
            _header("Upload-Length", description="The size of the file in bytes."),
            _header("Upload-Defer-Length", description="1 where the size isn't known yet."),
            _METADATA,
            KEY,
        ],
        request=None,
        responses={
            201: OpenApiResponse(description="`Location` is where the file is sent to."),
            **dict.fromkeys((400, 403, 404, 412, 413, 423, 429), ErrorSerializer),
            **REPEATED,
        },
    )
    @once(headers=("Upload-Length", "Upload-Defer-Length", "Upload-Metadata"))
    def post(self, request: Request, made_id: UUID | None) -> HttpResponse:
        """Begin to upload a video, pictures or a zip file, by the tus protocol 1.0 (https://tus.io)."""
        asked = request._request
        asked.user = request.user
        sender = Sender(request.team, request.user)
        key = str(made_id or "")
        return _answered(lambda: answers.create(asked, sender, _address, lambda: too_often(UploadThrottle, asked), key))

    @extend_schema(exclude=True)
    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Say what this server can do."""
        return answers.options()


@extend_schema(parameters=[OpenApiParameter("upload_id", OpenApiTypes.UUID, OpenApiParameter.PATH)])
class UploadDetail(APIView):
    scopes = scopes.LABEL
    parser_classes = (Part,)

    @extend_schema(
        operation_id="videos_upload_state",
        responses={
            200: OpenApiResponse(description="`Upload-Offset` says how many bytes are here."),
            404: ErrorSerializer,
        },
    )
    def head(self, request: Request, upload_id: str) -> HttpResponse:
        """Say how much of the file is here."""
        return self._act(request, upload_id)

    @extend_schema(
        operation_id="videos_upload_part",
        parameters=[
            _OFFSET,
            _header("Upload-Checksum", description="sha1 or sha256, and the checksum of this part in Base64."),
            _header("Upload-Length", description="The size of the file, where it wasn't known before."),
        ],
        request={headers.PART: OpenApiTypes.BINARY},
        responses={
            204: _NO_CONTENT,
            **dict.fromkeys((400, 404, 409, 410, 411, 412, 413, 415, 423, 460, 507), ErrorSerializer),
        },
    )
    def patch(self, request: Request, upload_id: str) -> HttpResponse:
        """Send a part of the file, from where it ends."""
        return self._act(request, upload_id)

    @extend_schema(operation_id="videos_upload_end", responses={204: None, 404: ErrorSerializer, 409: ErrorSerializer})
    def delete(self, request: Request, upload_id: str) -> HttpResponse:
        """Give up the upload, and the video that it belongs to."""
        return self._act(request, upload_id)

    @extend_schema(exclude=True)
    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Say what this server can do."""
        return answers.options()

    def _act(self, request: Request, upload_id: str) -> HttpResponse:
        row = get_for_team(Upload.objects, request.team, upload_id)
        return _answered(lambda: answers.act(request._request, row))


def _answered(ask: Callable[[], HttpResponse]) -> HttpResponse:
    """Return the answer. Raises APIException, with the sentence."""
    try:
        return ask()
    except VideoRefused as refusal:
        raise _Refusal(answers.status_of(refusal), str(refusal)) from None
    except TusRefused as refusal:
        raise _Refusal(refusal.status, str(refusal)) from None


def _address(row: Upload) -> str:
    return reverse("api-video-upload", args=[row.pk])


urlpatterns = [
    path("videos/uploads/", Uploads.as_view(), name="api-video-uploads"),
    path("videos/uploads/<uuid:upload_id>/", takes_uploads(UploadDetail.as_view(), ["PATCH"]), name="api-video-upload"),
]
