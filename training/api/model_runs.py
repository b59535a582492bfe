"""Models over frames of a video, by API v1: runs and what they found, frames that help most, the quick assistant."""

from typing import Any

from django.db.models import QuerySet
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from ftcml.accounts.services import scopes
from ftcml.accounts.services.access import get_for_team
from ftcml.accounts.services.throttle import ProposeThrottle, StartThrottle
from ftcml.core.requests.api_errors import ErrorSerializer, Refused
from ftcml.integrations.services.once import KEY, REPEATED, once
from training.api.model_run_shapes import (
    FindingSerializer,
    FrameDetectionsSerializer,
    HelpfulFramesSerializer,
    HelpfulQuerySerializer,
    ModelRunSerializer,
    QuickAssistantSerializer,
    StartRunSerializer,
    WithdrawnSerializer,
)
from training.models import FrameDetections, LabelFinding, ModelRun, QuickAssistant, TrainingJob
from training.proposals import assistants, helpful, proposing, runs
from training.proposals.runs import RunChoices
from training.refusals import JobRefused
from videos.models import Video

_VIDEO_ID = OpenApiParameter("video_id", OpenApiTypes.UUID, OpenApiParameter.PATH)
_RUN_ID = OpenApiParameter("run_id", OpenApiTypes.UUID, OpenApiParameter.PATH)


def _video(request: Request, video_id: str) -> Video:
    """Raises Http404 for another team's video."""
    return get_for_team(Video.objects.select_related("team"), request.team, video_id)


def _run(request: Request, run_id: str) -> ModelRun:
    """Raises Http404 for another team's run."""
    return get_for_team(ModelRun.objects, request.team, run_id)


@extend_schema(parameters=[_VIDEO_ID])
class RunList(ListAPIView):
    """Return the runs of models over the frames of a video, the newest first."""

    scopes = scopes.LABEL
    serializer_class = ModelRunSerializer
    queryset = ModelRun.objects.none()  # tells the schema the kind of object

    def get_throttles(self) -> list[BaseThrottle]:
        return [ProposeThrottle()] if self.request.method == "POST" else []

    def get_queryset(self) -> QuerySet[ModelRun]:
        return _video(self.request, self.kwargs["video_id"]).model_runs.all()

    @extend_schema(
        request=StartRunSerializer,
        responses={201: ModelRunSerializer, 400: ErrorSerializer, 404: ErrorSerializer, 429: ErrorSerializer},
    )
    def post(self, request: Request, video_id: str) -> Response:
        """Run a model over frames of the video."""
        video = _video(request, video_id)
        given = StartRunSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        said: dict[str, Any] = dict(given.validated_data)
        job = get_for_team(TrainingJob.objects, request.team, said.pop("model"))
        said["purpose"] = ModelRun.Purpose(said["purpose"])
        try:
            run = runs.start(video, job, request.user, RunChoices(**said))
        except JobRefused as refusal:
            raise Refused(str(refusal)) from None
        return Response(ModelRunSerializer(run).data, status=status.HTTP_201_CREATED)


@extend_schema(parameters=[_RUN_ID])
class RunDetail(GenericAPIView):
    scopes = scopes.READ
    serializer_class = ModelRunSerializer

    @extend_schema(responses={200: ModelRunSerializer, 404: ErrorSerializer})
    def get(self, request: Request, run_id: str) -> Response:
        return Response(self.get_serializer(_run(request, run_id)).data)


@extend_schema(parameters=[_RUN_ID])
class RunStop(GenericAPIView):
    scopes = scopes.LABEL
    serializer_class = ModelRunSerializer

    @extend_schema(request=None, responses={200: ModelRunSerializer, 404: ErrorSerializer})
    def post(self, request: Request, run_id: str) -> Response:
        """Stop the run. What it has proposed stays. A run that has ended stays as it is."""
        return Response(self.get_serializer(runs.stop(_run(request, run_id))).data)


@extend_schema(parameters=[_RUN_ID], responses={200: FrameDetectionsSerializer(many=True), 404: ErrorSerializer})
class RunDetections(ListAPIView):
    """Return what the run's model found in the frames that it has looked at, also below the minimum confidence."""

    scopes = scopes.READ
    serializer_class = FrameDetectionsSerializer
    queryset = FrameDetections.objects.none()

    def get_queryset(self) -> QuerySet[FrameDetections]:
        run = _run(self.request, self.kwargs["run_id"])
        rows = FrameDetections.objects.filter(job=run.job_id, frame__video=run.video_id).defer("look")
        in_range = rows.filter(frame__number__range=(run.first, run.last))
        return in_range.select_related("frame").order_by("frame__number")


@extend_schema(parameters=[_RUN_ID], responses={200: FindingSerializer(many=True), 404: ErrorSerializer})
class RunFindings(ListAPIView):
    """Return what an audit found in labeled frames, the most telling first."""

    scopes = scopes.READ
    serializer_class = FindingSerializer
    queryset = LabelFinding.objects.none()

    def get_queryset(self) -> QuerySet[LabelFinding]:
        return _run(self.request, self.kwargs["run_id"]).findings.select_related("frame")


@extend_schema(parameters=[_VIDEO_ID])
class HelpfulFrames(APIView):
    scopes = scopes.READ

    @extend_schema(
        parameters=[HelpfulQuerySerializer],
        responses={200: HelpfulFramesSerializer, 400: ErrorSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request, video_id: str) -> Response:
        """Return which frames to label next: those that the model is least sure of, and that differ most."""
        video = _video(request, video_id)
        asked = HelpfulQuerySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        job = get_for_team(TrainingJob.objects, request.team, asked.validated_data["model"])
        return Response({"frames": helpful.most_helpful(video, job)})


@extend_schema(parameters=[_VIDEO_ID])
class Proposals(APIView):
    scopes = scopes.LABEL

    @extend_schema(responses={200: WithdrawnSerializer, 404: ErrorSerializer})
    def delete(self, request: Request, video_id: str) -> Response:
        """Remove the boxes that models propose and that no one has accepted. Models may propose them again."""
        return Response({"boxes": proposing.withdraw(_video(request, video_id))})


@extend_schema(parameters=[_VIDEO_ID])
class QuickAssistants(ListAPIView):
    """Return the quick assistants of a video, the newest first."""

    scopes = scopes.TRAIN
    serializer_class = QuickAssistantSerializer
    queryset = QuickAssistant.objects.none()

    def get_throttles(self) -> list[BaseThrottle]:
        return [StartThrottle()] if self.request.method == "POST" else []

    def get_queryset(self) -> QuerySet[QuickAssistant]:
        return _video(self.request, self.kwargs["video_id"]).quick_assistants.all()

    @extend_schema(
        parameters=[KEY],
        request=None,
        responses={
            201: QuickAssistantSerializer,
            400: ErrorSerializer,
            404: ErrorSerializer,
            429: ErrorSerializer,
            **REPEATED,
        },
    )
    @once()
    def post(self, request: Request, video_id: str, made_id: object) -> Response:
        """Train a model for 100 steps on what is labeled, and have it propose the rest. It uses training minutes."""
        video = _video(request, video_id)
        try:
            made = assistants.start(video, request.user)
        except JobRefused as refusal:
            raise Refused(str(refusal)) from None
        return Response(QuickAssistantSerializer(made).data, status=status.HTTP_201_CREATED)


_VIDEO, _ONE = "videos/<uuid:video_id>", "model-runs/<uuid:run_id>"
urlpatterns = [
    path(f"{_VIDEO}/model-runs/", RunList.as_view(), name="api-model-runs"),
    path(f"{_VIDEO}/helpful-frames/", HelpfulFrames.as_view(), name="api-helpful-frames"),
    path(f"{_VIDEO}/proposals/", Proposals.as_view(), name="api-video-proposals"),
    path(f"{_VIDEO}/quick-assistants/", QuickAssistants.as_view(), name="api-quick-assistant"),
    path(f"{_ONE}/", RunDetail.as_view(), name="api-model-run"),
    path(f"{_ONE}/stop/", RunStop.as_view(), name="api-model-run-stop"),
    path(f"{_ONE}/detections/", RunDetections.as_view(), name="api-model-run-detections"),
    path(f"{_ONE}/findings/", RunFindings.as_view(), name="api-model-run-findings"),
]
