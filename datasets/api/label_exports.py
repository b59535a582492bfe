"""Exports labeled frames of videos by API v1."""

from django.http import StreamingHttpResponse
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from datasets.formats.catalog import WRITTEN
from datasets.refusals import DatasetRefused
from datasets.services.labeling import label_exports
from ftcml.accounts.services import scopes
from ftcml.accounts.services.access import get_all_for_team
from ftcml.core.requests.api_errors import ErrorSerializer, ErrorsInJson, Refused
from videos.models import Video


class LabelExport(APIView):
    scopes = scopes.READ
    content_negotiation_class = ErrorsInJson

    @extend_schema(
        operation_id="videos_export",
        parameters=[
            OpenApiParameter("video", OpenApiTypes.UUID, many=True, required=True),
            OpenApiParameter("format", enum=list(WRITTEN), required=True),
        ],
        responses={(200, "application/zip"): OpenApiTypes.BINARY, 400: ErrorSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        """Return the labeled frames of one or several videos as a zip file in the format asked for.

        Frames count that are finished and not ignored. Those without a box say that nothing is there.
        """
        videos = get_all_for_team(Video.objects, request.team, request.query_params.getlist("video"))
        try:
            return label_exports.export(videos, request.query_params.get("format", "")).response()
        except DatasetRefused as refusal:
            raise Refused(str(refusal)) from None


urlpatterns = [path("videos/export/", LabelExport.as_view(), name="api-video-export")]
