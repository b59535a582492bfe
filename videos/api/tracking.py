"""Objects through the frames of a video by API v1: trackers that follow boxes, and what is done with a whole object."""

from typing import Any

from django.db.models import QuerySet
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ftcml.accounts.services import scopes
from ftcml.accounts.services.access import get_for_team
from ftcml.core.requests.api_errors import ErrorSerializer, Refused
from videos.api.tracking_shapes import (
    ChangedFramesSerializer,
    StartTrackingSerializer,
    TrackChangeSerializer,
    TrackingSerializer,
)
from videos.api.videos import VIDEO_ID
from videos.labeling.tracks import actions
from videos.models import Tracking, Video
from videos.refusals import VideoRefused
from videos.tracking_runs import starting

_TRACKING_ID = OpenApiParameter("tracking_id", OpenApiTypes.UUID, OpenApiParameter.PATH)


def _video(request: Request, video_id: str) -> Video:
    """Raises Http404 for another team's video."""
    return get_for_team(Video.objects.select_related("team"), request.team, video_id)


def _run(request: Request, video_id: str, tracking_id: str) -> Tracking:
    """Raises Http404. Who asks shows that someone still waits for the run."""
    video = _video(request, video_id)
    run = get_for_team(Tracking.objects.filter(video=video).prefetch_related("followed"), request.team, tracking_id)
    starting.attend(video, request.user)
    return run


@extend_schema(parameters=[VIDEO_ID])
class TrackingList(ListAPIView):
    """Return the runs of trackers over the video of the last day, the newest first."""

    scopes = scopes.LABEL
    serializer_class = TrackingSerializer
    queryset = Tracking.objects.none()  # tells the schema the kind of object

    def get_queryset(self) -> QuerySet[Tracking]:
        return _video(self.request, self.kwargs["video_id"]).trackings.prefetch_related("followed")

    @extend_schema(
        request=StartTrackingSerializer,
        responses={201: TrackingSerializer, 400: ErrorSerializer, 404: ErrorSerializer},
    )
    def post(self, request: Request, video_id: str) -> Response:
        """Have boxes of a frame followed from there on. Ask for the run every minute, or it stops."""
        video = _video(request, video_id)
        given = StartTrackingSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        try:
            run = starting.start(video, request.user, asked["frame"], asked["boxes"], asked["tracker"])
        except VideoRefused as refusal:
            raise Refused(str(refusal)) from None
        return Response(TrackingSerializer(run).data, status=status.HTTP_201_CREATED)


@extend_schema(parameters=[VIDEO_ID, _TRACKING_ID])
class TrackingDetail(GenericAPIView):
    scopes = scopes.READ
    serializer_class = TrackingSerializer

    @extend_schema(responses={200: TrackingSerializer, 404: ErrorSerializer})
    def get(self, request: Request, video_id: str, tracking_id: str) -> Response:
        """Return how far the run is."""
        return Response(self.get_serializer(_run(request, video_id, tracking_id)).data)


@extend_schema(parameters=[VIDEO_ID, _TRACKING_ID])
class TrackingStop(GenericAPIView):
    scopes = scopes.LABEL
    serializer_class = TrackingSerializer

    @extend_schema(request=None, responses={200: TrackingSerializer, 404: ErrorSerializer})
    def post(self, request: Request, video_id: str, tracking_id: str) -> Response:
        """Stop the run where it is. Its boxes stay."""
        run = _run(request, video_id, tracking_id)
        starting.stop(run)
        return Response(self.get_serializer(run).data)


@extend_schema(parameters=[VIDEO_ID])
class TrackChanges(APIView):
    scopes = scopes.LABEL

    @extend_schema(
        operation_id="videos_tracks_change",
        request=TrackChangeSerializer,
        responses={200: ChangedFramesSerializer, 400: ErrorSerializer, 404: ErrorSerializer},
    )
    def post(self, request: Request, video_id: str) -> Response:
        """End, delete, split, merge or confirm objects through frames, and return which frames changed."""
        video = _video(request, video_id)
        given = TrackChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        asked: dict[str, Any] = given.validated_data
        try:
            changed = actions.act(video, request.user, **asked)
        except VideoRefused as refusal:
            raise Refused(str(refusal)) from None
        places = {change.place.number for change in changed.boxes}
        return Response({"frames": sorted(places.union(changed.opened, changed.finished))})


_VIDEO = "videos/<uuid:video_id>"
urlpatterns = [
    path(f"{_VIDEO}/trackings/", TrackingList.as_view(), name="api-video-trackings"),
    path(f"{_VIDEO}/trackings/<uuid:tracking_id>/", TrackingDetail.as_view(), name="api-video-tracking"),
    path(f"{_VIDEO}/trackings/<uuid:tracking_id>/stop/", TrackingStop.as_view(), name="api-video-tracking-stop"),
    path(f"{_VIDEO}/tracks/", TrackChanges.as_view(), name="api-video-tracks"),
]
