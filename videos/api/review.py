"""Comments on frames, and who labels which frames, by API v1."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ftcml.accounts.models import User
from ftcml.accounts.services import scopes
from ftcml.accounts.services.access import get_for_team
from ftcml.core.requests.api_errors import ErrorSerializer, Refused
from videos.api.frames import FRAME_NUMBER, frame_of
from videos.api.review_serializers import (
    AssignmentSerializer,
    CommentSerializer,
    GivenAssignmentSerializer,
    GivenCommentSerializer,
    ResolveSerializer,
)
from videos.api.videos import VIDEO_ID
from videos.models import Comment, Video
from videos.reasons import Code
from videos.refusals import VideoRefused
from videos.reviewing import assignments, comments

_COMMENT_ID = OpenApiParameter("comment_id", OpenApiTypes.INT, OpenApiParameter.PATH)
_ASSIGNMENT_ID = OpenApiParameter("assignment_id", OpenApiTypes.INT, OpenApiParameter.PATH)


@extend_schema(parameters=[VIDEO_ID, FRAME_NUMBER])
class FrameComments(GenericAPIView):
    scopes = scopes.LABEL
    serializer_class = CommentSerializer
    pagination_class = None  # all of them are answered at once, and described so

    @extend_schema(
        operation_id="videos_frames_comments_list",
        responses={200: CommentSerializer(many=True), 404: ErrorSerializer},
    )
    def get(self, request: Request, video_id: str, frame_number: int) -> Response:
        """Return what people say about the frame, the oldest first."""
        found = comments.of_frame(frame_of(request.team, video_id, frame_number))
        return Response(self.get_serializer(found, many=True).data)

    @extend_schema(
        request=GivenCommentSerializer,
        responses={201: CommentSerializer, 400: ErrorSerializer, 404: ErrorSerializer},
    )
    def post(self, request: Request, video_id: str, frame_number: int) -> Response:
        """Say something about the frame, or about one of its boxes."""
        frame = frame_of(request.team, video_id, frame_number)
        given = GivenCommentSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            comment = comments.add(frame, request.user, **given.validated_data)
        except VideoRefused as refusal:
            raise Refused(str(refusal)) from None
        return Response(self.get_serializer(comment).data, status=status.HTTP_201_CREATED)


@extend_schema(parameters=[VIDEO_ID, FRAME_NUMBER, _COMMENT_ID])
class FrameComment(APIView):
    scopes = scopes.LABEL

    @extend_schema(
        request=ResolveSerializer,
        responses={200: CommentSerializer, 400: ErrorSerializer, 404: ErrorSerializer},
    )
    def patch(self, request: Request, video_id: str, frame_number: int, comment_id: int) -> Response:
        """Say whether what the comment asks for is done."""
        frame = frame_of(request.team, video_id, frame_number)
        comment = get_object_or_404(Comment.objects.select_related("frame", "person"), frame=frame, pk=comment_id)
        given = ResolveSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        comments.resolve(comment, given.validated_data["resolved"])
        return Response(CommentSerializer(comment).data)


@extend_schema(parameters=[VIDEO_ID])
class VideoAssignments(GenericAPIView):
    scopes = scopes.LABEL
    serializer_class = AssignmentSerializer
    pagination_class = None

    @extend_schema(
        operation_id="videos_assignments_list",
        responses={200: AssignmentSerializer(many=True), 404: ErrorSerializer},
    )
    def get(self, request: Request, video_id: str) -> Response:
        """Return who labels which frames of the video, and how far they are."""
        video = get_for_team(Video.objects, request.team, video_id)
        return Response(self.get_serializer(assignments.of_video(video), many=True).data)

    @extend_schema(
        request=GivenAssignmentSerializer,
        responses={
            201: AssignmentSerializer(many=True),
            400: ErrorSerializer,
            403: ErrorSerializer,
            404: ErrorSerializer,
        },
    )
    def post(self, request: Request, video_id: str) -> Response:
        """Have a member label frames, and return all assignments of the video. Only coaches can."""
        video = _for_coach(request, video_id)
        given = GivenAssignmentSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        said = given.validated_data
        try:
            assignments.assign(video, _member(request, said["person"]), said["first"], said["last"], request.user)
        except VideoRefused as refusal:
            raise Refused(str(refusal)) from None
        made = self.get_serializer(assignments.of_video(video), many=True)
        return Response(made.data, status=status.HTTP_201_CREATED)


@extend_schema(parameters=[VIDEO_ID, _ASSIGNMENT_ID])
class VideoAssignment(APIView):
    scopes = scopes.LABEL

    @extend_schema(responses={204: None, 403: ErrorSerializer, 404: ErrorSerializer})
    def delete(self, request: Request, video_id: str, assignment_id: int) -> Response:
        """Take the frames from the member again. Their boxes stay. Only coaches can."""
        video = _for_coach(request, video_id)
        get_object_or_404(video.assignments, pk=assignment_id).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


def _for_coach(request: Request, video_id: str) -> Video:
    """Return the video. Raises Http404, and PermissionDenied unless a coach asks."""
    video = get_for_team(Video.objects, request.team, video_id)
    if not request.team.is_coached_by(request.user):
        raise PermissionDenied
    return video


def _member(request: Request, name: str) -> User:
    found = User.objects.filter(memberships__team=request.team, username=name).first()
    if found is None:
        raise VideoRefused(Code.NOT_A_MEMBER)
    return found


_FRAME = "videos/<uuid:video_id>/frames/<int:frame_number>"
urlpatterns = [
    path(f"{_FRAME}/comments/", FrameComments.as_view(), name="api-video-frame-comments"),
    path(f"{_FRAME}/comments/<int:comment_id>/", FrameComment.as_view(), name="api-video-frame-comment"),
    path("videos/<uuid:video_id>/assignments/", VideoAssignments.as_view(), name="api-video-assignments"),
    path(
        "videos/<uuid:video_id>/assignments/<int:assignment_id>/",
        VideoAssignment.as_view(),
        name="api-video-assignment",
    ),
]
