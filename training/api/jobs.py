"""The training part of API v1: starting models, plans, jobs, their metrics and their model files."""

from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import PermissionDenied
from rest_framework.generics import ListAPIView
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from datasets.models import Dataset
from detector.contract import catalog, model_variants
from ftcml.accounts.services import scopes
from ftcml.accounts.services.access import get_all_for_team, get_for_team
from ftcml.accounts.services.throttle import StartThrottle
from ftcml.core.requests.api_errors import Conflict, ErrorSerializer, Refused
from ftcml.integrations.services.once import KEY, REPEATED, once
from training.api.base import JOB_ID, JobsView
from training.api.serializers import (
    JobSerializer,
    MetricSerializer,
    PlanRequestSerializer,
    PlanSerializer,
    RenameModelSerializer,
    SinceSerializer,
    StartingModelSerializer,
    StartRequestSerializer,
    TrainerLogSerializer,
)
from training.delivery import model_downloads
from training.messages import words
from training.messages.page_words import LOG_IS_FOR_COACHES
from training.models import ModelFile, TrainerLog, TrainingJob
from training.reasons import Reason, Refusal
from training.refusals import JobRefused
from training.services import jobs, registry
from training.services.starting.choices import TrainingChoices
from training.services.starting.plan import plan, plan_more
from training.trash import moving
from training.weights import starting_weights
from training.worker.results import trainer_log

VARIANT = OpenApiParameter(
    "variant",
    OpenApiTypes.STR,
    enum=[*model_variants.VARIANTS, *model_variants.DEVICE_FILES, ModelFile.NEWEST],
    description="instead of the default file",
)


def _chosen(request: Request, form: Serializer) -> dict[str, Any]:
    """What the request chose, with the team's objects in place of their ids. Raises Http404 for any other id."""
    form.is_valid(raise_exception=True)
    choices = dict(form.validated_data)
    if "parent" in choices:
        choices["parent"] = get_for_team(TrainingJob.objects, request.team, choices["parent"])
    elif not choices["datasets"]:
        raise Refused(words(Reason(Refusal.NO_DATASET)))
    if choices["datasets"]:
        choices["datasets"] = get_all_for_team(Dataset.objects, request.team, choices["datasets"])
    return choices


class StartingModels(APIView):
    scopes = scopes.READ

    @extend_schema(operation_id="starting_models_list", responses=StartingModelSerializer(many=True))
    def get(self, request: Request) -> Response:
        accelerator = registry.live_accelerator()
        return Response(
            [
                {
                    "name": model.name,
                    "input_size": model.input_size,
                    "batch_size": model.batch_sizes[accelerator],
                    "default": model.name == catalog.DEFAULT,
                    "starting_weights": starting_weights.name_for(model),
                }
                for model in catalog.starting_models()
            ]
        )


class TrainingPlans(APIView):
    scopes = scopes.ASK

    @extend_schema(
        request=PlanRequestSerializer, responses={200: PlanSerializer, 400: ErrorSerializer, 404: ErrorSerializer}
    )
    def post(self, request: Request) -> Response:
        """The numbers of a job before it is started."""
        choices = _chosen(request, PlanRequestSerializer(data=request.data))
        try:
            planned = plan_more(**choices) if "parent" in choices else plan(request.team, **choices)
            return Response(PlanSerializer(planned).data)
        except JobRefused as refusal:
            raise Refused(str(refusal)) from None


class JobList(JobsView, ListAPIView):
    scopes = scopes.TRAIN

    def get_throttles(self) -> list[BaseThrottle]:
        return [StartThrottle()] if self.request.method == "POST" else []

    @extend_schema(
        parameters=[KEY],
        request=StartRequestSerializer,
        responses={
            201: JobSerializer,
            400: ErrorSerializer,
            404: ErrorSerializer,
            429: ErrorSerializer,
            **REPEATED,
        },
    )
    @once()
    def post(self, request: Request, made_id: UUID | None) -> Response:
        """Start a training job from a starting model, or from a `parent` at the step where it ended."""
        if made_id and (made := self.get_queryset().filter(pk=made_id).first()):
            return self.answer(made, status.HTTP_201_CREATED)
        chosen = _chosen(request, StartRequestSerializer(data=request.data))
        parent = chosen.pop("parent", None)
        choices = TrainingChoices(**chosen)
        try:
            if parent:
                job = jobs.train_more(parent, request.user, choices, made_id)
            else:
                job = jobs.start(request.team, request.user, choices, made_id)
        except JobRefused as refusal:
            raise Refused(str(refusal)) from None
        return self.answer(job, status.HTTP_201_CREATED)


@extend_schema(parameters=[JOB_ID])
class JobDetail(JobsView):
    scopes = scopes.TRAIN

    @extend_schema(responses={200: JobSerializer, 404: ErrorSerializer})
    def get(self, request: Request, job_id: str) -> Response:
        return self.answer(self.job(job_id))

    @extend_schema(
        request=RenameModelSerializer, responses={200: JobSerializer, 400: ErrorSerializer, 404: ErrorSerializer}
    )
    def patch(self, request: Request, job_id: str) -> Response:
        """Give the job another description."""
        job = self.job(job_id)
        asked = RenameModelSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            return self.answer(jobs.rename(job, asked.validated_data["description"]))
        except JobRefused as refusal:
            raise Refused(str(refusal)) from None

    @extend_schema(responses={204: None, 404: ErrorSerializer, 409: ErrorSerializer})
    def delete(self, request: Request, job_id: str) -> Response:
        """Move an ended job to the trash for some days. 409 while it is alive, or while others were trained from it."""
        try:
            moving.move_to_trash(self.job(job_id), by=request.user)
        except (jobs.JobIsAlive, jobs.HasChildren) as refusal:
            raise Conflict(str(refusal)) from None
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(parameters=[JOB_ID])
class JobStop(JobsView):
    scopes = scopes.TRAIN

    @extend_schema(request=None, responses={200: JobSerializer, 404: ErrorSerializer})
    def post(self, request: Request, job_id: str) -> Response:
        """Stop the job as soon as possible. A job that is stopping or has ended stays as it is."""
        return self.answer(jobs.request_stop(self.job(job_id), by=request.user))


@extend_schema(parameters=[JOB_ID])
class JobRetry(JobsView):
    scopes = scopes.TRAIN

    def get_throttles(self) -> list[BaseThrottle]:
        return [StartThrottle()]

    @extend_schema(request=None, responses={200: JobSerializer, 400: ErrorSerializer, 404: ErrorSerializer})
    def post(self, request: Request, job_id: str) -> Response:
        """Queue a job in TRY_AGAIN_LATER. While the server can't take it, it stays there with the current reason."""
        try:
            return self.answer(jobs.retry(self.job(job_id), by=request.user))
        except JobRefused as refusal:
            raise Refused(str(refusal)) from None


@extend_schema(parameters=[JOB_ID, SinceSerializer])
class JobMetrics(JobsView):
    scopes = scopes.READ
    pagination_class = None  # all of it is answered at once, and described so

    @extend_schema(
        operation_id="training_jobs_metrics",
        responses={200: MetricSerializer(many=True), 400: ErrorSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request, job_id: str) -> Response:
        """Every metric over the steps, one entry for each split and tag."""
        asked = SinceSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        since = asked.validated_data["since"]
        points = self.job(job_id).metric_points.filter(step__gt=since).order_by("split", "tag", "step")
        rows = points.values_list("split", "tag", "step", "value")
        return Response(
            [
                {"split": split, "tag": tag, "points": [[step, value] for _, _, step, value in of_one]}
                for (split, tag), of_one in groupby(rows, key=lambda row: row[:2])
            ]
        )


@extend_schema(parameters=[JOB_ID])
class JobLog(JobsView):
    scopes = scopes.READ

    @extend_schema(responses={200: TrainerLogSerializer, 403: ErrorSerializer, 404: ErrorSerializer})
    def get(self, request: Request, job_id: str) -> Response:
        """The end of the trainer's log; for coaches."""
        job = self.job(job_id)
        if not trainer_log.may_read(request.user, request.team):
            raise PermissionDenied(LOG_IS_FOR_COACHES)
        kept = TrainerLog.objects.filter(job=job).first()
        return Response(TrainerLogSerializer(kept or {"tail": "", "updated": None}).data)


class ModelFileRenderer(JSONRenderer):
    """Lets a client that asks for a file alone have it; what is rendered are the errors."""

    media_type = "application/octet-stream"
    format = "json"
    charset = None


@extend_schema(parameters=[JOB_ID, VARIANT])
class JobModel(JobsView):
    scopes = scopes.READ
    renderer_classes = (JSONRenderer, ModelFileRenderer)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, 404: ErrorSerializer})
    def get(self, request: Request, job_id: str) -> FileResponse:
        """The model file, the default one unless a variant is named; 404 while there is none."""
        return model_downloads.model_file(self.job(job_id), request.query_params.get("variant", ""))
