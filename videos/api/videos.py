"""Videos by API v1: the list, one of them, and what people did with it."""

from django.db.models import QuerySet
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from ftcml.accounts.services import scopes
from ftcml.accounts.services.access import TeamQuerySet, get_for_team
from ftcml.core.requests.api_errors import Conflict, ErrorSerializer, Refused
from videos.api.serializers import (
    ActivitySerializer,
    RenameVideoSerializer,
    VideoQuerySerializer,
    VideoSerializer,
)
from videos.models import Activity, Video
from videos.refusals import VideoInUse, VideoRefused
from videos.services import trash, video_list

VIDEO_ID = OpenApiParameter("video_id", OpenApiTypes.UUID, OpenApiParameter.PATH)


def counted_videos() -> "TeamQuerySet[Video]":
    """Return all videos as the API describes them."""
    return video_list.with_counts(Video.objects.all())


@extend_schema(parameters=[VideoQuerySerializer], responses={200: VideoSerializer(many=True), 400: ErrorSerializer})
class VideoList(ListAPIView):
    """Return the team's videos, the newest first unless another order is asked for."""

    scopes = scopes.READ
    serializer_class = VideoSerializer
    queryset = Video.objects.none()  # tells the schema the kind of object

    def get_queryset(self) -> QuerySet[Video]:
        asked = VideoQuerySerializer(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        return video_list.found(self.request.team, **asked.validated_data)


@extend_schema(parameters=[VIDEO_ID])
class VideoDetail(GenericAPIView):
    scopes = scopes.LABEL
    serializer_class = VideoSerializer

    @extend_schema(responses={200: VideoSerializer, 404: ErrorSerializer})
    def get(self, request: Request, video_id: str) -> Response:
        return Response(self.get_serializer(get_for_team(counted_videos(), request.team, video_id)).data)

    @extend_schema(
        request=RenameVideoSerializer, responses={200: VideoSerializer, 400: ErrorSerializer, 404: ErrorSerializer}
    )
    def patch(self, request: Request, video_id: str) -> Response:
        """Give the video another description."""
        video = get_for_team(counted_videos(), request.team, video_id)
        given = RenameVideoSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            video_list.rename(video, given.validated_data["description"], request.user)
        except VideoRefused as refusal:
            raise Refused(str(refusal)) from None
        return Response(self.get_serializer(video).data)

    @extend_schema(responses={204: None, 404: ErrorSerializer, 409: ErrorSerializer})
    def delete(self, request: Request, video_id: str) -> Response:
        """Move the video to the trash, where it stays for some days; 409 names the datasets that use it."""
        try:
            trash.move_to_trash(get_for_team(Video.objects, request.team, video_id), request.user)
        except VideoInUse as refusal:
            raise Conflict(str(refusal)) from None
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(parameters=[VIDEO_ID], responses={200: ActivitySerializer(many=True), 404: ErrorSerializer})
class VideoActivity(ListAPIView):
    """Return what people did with the video, the latest first."""

    scopes = scopes.READ
    serializer_class = ActivitySerializer
    queryset = Activity.objects.none()

    def get_queryset(self) -> QuerySet[Activity]:
        video = get_for_team(Video.objects, self.request.team, self.kwargs["video_id"])
        return video.activities.select_related("person")


urlpatterns = [
    path("videos/", VideoList.as_view(), name="api-videos"),
    path("videos/<uuid:video_id>/", VideoDetail.as_view(), name="api-video"),
    path("videos/<uuid:video_id>/activity/", VideoActivity.as_view(), name="api-video-activity"),
]
