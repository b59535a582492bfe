"""What the labeled frames of videos are like, by API v1."""

from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ftcml.accounts.services import scopes
from ftcml.accounts.services.access import get_for_team, get_selected
from ftcml.core.pictures.object_sizes import INPUT_SIDE, SIZE_STEPS
from ftcml.core.requests.api_errors import ErrorSerializer
from videos.api.videos import VIDEO_ID
from videos.models import Video
from videos.services import frame_statistics


class LabelCountSerializer(serializers.Serializer):
    label = serializers.CharField()
    boxes = serializers.IntegerField()
    frames = serializers.IntegerField()
    sizes = serializers.ListField(
        child=serializers.IntegerField(),
        help_text=f"Boxes by their shorter side in a frame of {INPUT_SIDE} × {INPUT_SIDE} pixels. "
        f"The classes begin at 0, {', '.join(map(str, SIZE_STEPS))}.",
    )
    is_small = serializers.BooleanField(help_text="Whether many of them are under 10 pixels, which models seldom find.")


class PersonCountSerializer(serializers.Serializer):
    person = serializers.CharField(help_text="Empty for boxes of an import, or of someone who left.")
    boxes = serializers.IntegerField()
    frames = serializers.IntegerField()


class FrameStatisticsSerializer(serializers.Serializer):
    frames = serializers.IntegerField(help_text="Labeled frames. Only their boxes count.")
    boxes = serializers.IntegerField()
    centers = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()),
        help_text="How many boxes have their center in each field of the picture, row by row from the top left.",
    )
    objects = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()),
        help_text="Pairs: a number of boxes, and how many frames have so many.",
    )
    labels = LabelCountSerializer(many=True)
    people = PersonCountSerializer(many=True)


@extend_schema(parameters=[VIDEO_ID])
class VideoStatistics(APIView):
    scopes = scopes.READ

    @extend_schema(responses={200: FrameStatisticsSerializer, 404: ErrorSerializer})
    def get(self, request: Request, video_id: str) -> Response:
        """Return where the objects of the video are, how large, how many, and who labeled them."""
        video = get_for_team(Video.objects, request.team, video_id)
        return Response(FrameStatisticsSerializer(frame_statistics.of_videos([video])).data)


class TeamStatistics(APIView):
    scopes = scopes.READ

    @extend_schema(
        operation_id="videos_statistics",
        parameters=[
            OpenApiParameter("video", OpenApiTypes.UUID, many=True, description="Only of these videos of the team.")
        ],
        responses={200: FrameStatisticsSerializer},
    )
    def get(self, request: Request) -> Response:
        """Return the same of all the team's videos, or of some."""
        chosen = get_selected(Video.objects, request.team, request.query_params.getlist("video"))
        videos = chosen or Video.objects.for_team(request.team)
        return Response(FrameStatisticsSerializer(frame_statistics.of_videos(videos)).data)


urlpatterns = [
    path("videos/statistics/", TeamStatistics.as_view(), name="api-videos-statistics"),
    path("videos/<uuid:video_id>/statistics/", VideoStatistics.as_view(), name="api-video-statistics"),
]
