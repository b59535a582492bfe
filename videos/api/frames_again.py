"""Videos that need no upload, by API v1: the sample, and other frames of one that gave too many."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ftcml.accounts.services import scopes
from ftcml.accounts.services.access import get_for_team
from ftcml.accounts.services.throttle import ImportThrottle
from ftcml.core.requests.api_errors import ErrorSerializer, Refused
from ftcml.core.requests.parameters import ApiWholeNumber
from videos.api.serializers import VideoSerializer
from videos.api.videos import VIDEO_ID, counted_videos
from videos.models import Video
from videos.refusals import VideoRefused
from videos.services import extraction_choice, samples
from videos.services.receiving import rules


class FramesChoiceSerializer(serializers.Serializer):
    frames = serializers.ChoiceField([*Video.Extraction.values, rules.EVERY_FRAME])
    every = ApiWholeNumber(default=5, help_text="With every_nth: one frame in so many.")


class SampleVideo(APIView):
    scopes = scopes.LABEL
    throttle_classes = (ImportThrottle,)

    @extend_schema(
        operation_id="videos_sample",
        request=None,
        responses={202: VideoSerializer, 400: ErrorSerializer, 429: ErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        """Have the sample video made, and return it: the one that is there, where there is one."""
        try:
            made = samples.request_sample(request.team, request.user)
        except VideoRefused as refusal:
            raise Refused(str(refusal)) from None
        return Response(_described(request, made.pk), status=status.HTTP_202_ACCEPTED)


@extend_schema(parameters=[VIDEO_ID])
class ExtractAgain(APIView):
    scopes = scopes.LABEL

    @extend_schema(
        operation_id="videos_extract_again",
        request=FramesChoiceSerializer,
        responses={202: VideoSerializer, 400: ErrorSerializer, 404: ErrorSerializer},
    )
    def post(self, request: Request, video_id: str) -> Response:
        """Take other frames of a video that gave too many, within a day of its upload."""
        video = get_for_team(Video.objects.select_related("team"), request.team, video_id)
        given = FramesChoiceSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        choice = rules.choice_of(given.validated_data["frames"], given.validated_data["every"])
        try:
            extraction_choice.extract_again(video, choice, request.user)
        except VideoRefused as refusal:
            raise Refused(str(refusal)) from None
        return Response(_described(request, video.pk), status=status.HTTP_202_ACCEPTED)


def _described(request: Request, video_id: object) -> object:
    return VideoSerializer(get_for_team(counted_videos(), request.team, video_id)).data


urlpatterns = [
    path("videos/sample/", SampleVideo.as_view(), name="api-video-sample"),
    path("videos/<uuid:video_id>/extract-again/", ExtractAgain.as_view(), name="api-video-extract-again"),
]
