"""Frames of a video by API v1: their pictures, their boxes, and whether they are ignored."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import APIException
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ftcml.accounts.models import Team, User
from ftcml.accounts.services import scopes
from ftcml.accounts.services.access import get_for_team
from ftcml.core.requests.api_errors import Conflict, ErrorSerializer, ErrorsInJson, Refused
from videos.api.serializers import FrameChangeSerializer, FrameQuerySerializer, FrameSerializer, GivenBoxesSerializer
from videos.api.videos import VIDEO_ID
from videos.labeling import marking
from videos.models import Frame, Video
from videos.reasons import Code
from videos.refusals import VideoRefused
from videos.reviewing import reviews
from videos.services.gallery import Choice, frames, picture_file, with_boxes

_CHANGED = {200: FrameSerializer, 400: ErrorSerializer, 404: ErrorSerializer}
_CHANGED_OR_LATE = {**_CHANGED, 409: ErrorSerializer}
FRAME_NUMBER = OpenApiParameter("frame_number", OpenApiTypes.INT, OpenApiParameter.PATH)


def frame_of(team: Team, video_id: str, number: int) -> Frame:
    """Return the frame of that number. Raises Http404."""
    video = get_for_team(Video.objects, team, video_id)
    rows = video.frames.select_related("video__team", "reviewed_by")
    return get_object_or_404(with_boxes(rows), number=number)


@extend_schema(
    parameters=[VIDEO_ID, FrameQuerySerializer],
    responses={200: FrameSerializer(many=True), 400: ErrorSerializer, 404: ErrorSerializer},
)
class FrameList(ListAPIView):
    """Return the frames of a video in their order, with their boxes."""

    scopes = scopes.READ
    serializer_class = FrameSerializer
    queryset = Frame.objects.none()  # tells the schema the kind of object

    def get_queryset(self) -> QuerySet[Frame]:
        video = get_for_team(Video.objects, self.request.team, self.kwargs["video_id"])
        asked = FrameQuerySerializer(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        return with_boxes(frames(video, Choice(**asked.validated_data)).select_related("reviewed_by"))


@extend_schema(parameters=[VIDEO_ID, FRAME_NUMBER])
class FrameDetail(GenericAPIView):
    scopes = scopes.LABEL
    serializer_class = FrameSerializer

    @extend_schema(responses={200: FrameSerializer, 404: ErrorSerializer})
    def get(self, request: Request, video_id: str, frame_number: int) -> Response:
        return Response(self.get_serializer(frame_of(request.team, video_id, frame_number)).data)

    @extend_schema(request=FrameChangeSerializer, responses=_CHANGED_OR_LATE)
    def patch(self, request: Request, video_id: str, frame_number: int) -> Response:
        """Ignore the frame or take it in again, say whether all its objects have their box, or review it."""
        frame = frame_of(request.team, video_id, frame_number)
        given = FrameChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        said = given.validated_data
        try:
            _change(frame, said, request.user)
        except VideoRefused as refusal:
            raise _answer(refusal) from None
        return Response(self.get_serializer(frame_of(request.team, video_id, frame_number)).data)


@transaction.atomic
def _change(frame: Frame, said: Mapping[str, Any], person: User) -> None:
    """Change what is said of a frame: all of it or nothing. Raises VideoRefused."""
    marking.check_version(frame, said["version"])
    if "ignored" in said:
        marking.set_ignored(frame, said["ignored"], person)
    if "finished" in said:
        marking.set_finished(frame, said["finished"], person)
    if "review" in said:
        _review(frame, said["review"], said.get("comment", ""), person)


def _review(frame: Frame, review: str, comment: str, person: User) -> None:
    """Approve the frame, take that back, or send it back. Raises VideoRefused."""
    if review == Frame.Review.SENT_BACK:
        reviews.send_back(frame, person, comment)
    elif review == Frame.Review.REVIEWED:
        if not reviews.approve(frame.video, frame.number, frame.number, person):
            reviews.check_finished(frame)
    else:
        reviews.take_back(frame.video, frame.number, frame.number)


def _answer(refusal: VideoRefused) -> APIException:
    """Return what a program is told: 409 where the frame has changed since."""
    is_late = refusal.reason.code == Code.CHANGED_MEANWHILE
    return (Conflict if is_late else Refused)(str(refusal))


@extend_schema(parameters=[VIDEO_ID, FRAME_NUMBER])
class FrameBoxes(APIView):
    scopes = scopes.LABEL

    @extend_schema(
        operation_id="videos_frames_boxes",
        request=GivenBoxesSerializer,
        responses=_CHANGED_OR_LATE,
    )
    def put(self, request: Request, video_id: str, frame_number: int) -> Response:
        """Replace all boxes of the frame. What reaches out of it is cut off."""
        frame = frame_of(request.team, video_id, frame_number)
        given = GivenBoxesSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        said = given.validated_data
        boxes = [marking.GivenBox(**box) for box in said["boxes"]]
        try:
            marking.set_boxes(frame, boxes, request.user, finished=said["finished"], version=said["version"])
        except VideoRefused as refusal:
            raise _answer(refusal) from None
        return Response(FrameSerializer(frame_of(request.team, video_id, frame_number)).data)


@extend_schema(parameters=[VIDEO_ID, FRAME_NUMBER])
class FramePicture(APIView):
    scopes = scopes.READ
    content_negotiation_class = ErrorsInJson

    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY, 404: ErrorSerializer})
    @method_decorator(cache_control(private=True, max_age=86_400, immutable=True))
    def get(self, request: Request, video_id: str, frame_number: int) -> HttpResponseBase:
        """Return the picture of one frame."""
        return picture_file(frame_of(request.team, video_id, frame_number))


_FRAME = "videos/<uuid:video_id>/frames/<int:frame_number>"
urlpatterns = [
    path("videos/<uuid:video_id>/frames/", FrameList.as_view(), name="api-video-frames"),
    path(f"{_FRAME}/", FrameDetail.as_view(), name="api-video-frame"),
    path(f"{_FRAME}/boxes/", FrameBoxes.as_view(), name="api-video-frame-boxes"),
    path(f"{_FRAME}.jpg", FramePicture.as_view(), name="api-video-picture"),
]
