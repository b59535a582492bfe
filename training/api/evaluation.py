"""What a model has found on its evaluation frames, and what that is worth, in API v1."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ftcml.accounts.services import scopes
from ftcml.accounts.services.access import get_for_team
from ftcml.core.requests.api_errors import ErrorSerializer
from training.api.base import JOB_ID
from training.api.evaluation_shapes import (
    EvaluationFramesSerializer,
    PageSerializer,
    StepSerializer,
    SummarySerializer,
)
from training.api.serializers import VerdictSerializer
from training.insight import checkpoint_detections
from training.insight.checkpoint_detections import SeenFrame
from training.insight.verdict import verdict_of
from training.models import TrainingJob

FRAMES_A_PAGE = 100


def _asked_for(form: StepSerializer) -> dict[str, Any]:
    form.is_valid(raise_exception=True)
    return form.validated_data


class EvaluationFrames(APIView):
    scopes = scopes.READ

    @extend_schema(
        parameters=[JOB_ID, PageSerializer],
        responses={200: EvaluationFramesSerializer, 400: ErrorSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request, job_id: str) -> Response:
        """What a checkpoint found on the evaluation frames, up to 100 of them; 404 for a step that was not measured."""
        job = get_for_team(TrainingJob.objects, request.team, job_id)
        asked = _asked_for(PageSerializer(data=request.query_params))
        measured = job.checkpoints.with_detections()
        try:
            checkpoint = checkpoint_detections.chosen(job, measured, asked["step"])
            found = checkpoint_detections.detections(checkpoint)
        except checkpoint_detections.NotReadable as reason:
            raise NotFound(str(reason)) from None
        frames = checkpoint_detections.seen_frames(job, found, asked["offset"], FRAMES_A_PAGE)
        count, end = len(found["frames"]), asked["offset"] + FRAMES_A_PAGE
        return Response(
            {
                "step": checkpoint.step,
                "steps": list(measured.values_list("step", flat=True)),
                "count": count,
                "next_offset": end if end < count else None,
                "frames": [_frame(one) for one in frames],
            }
        )


def _frame(seen: SeenFrame) -> dict[str, Any]:
    frame = seen.frame
    return {
        "number": seen.place,
        "dataset": str(frame.dataset_id),
        "filename": frame.filename,
        "width": frame.width,
        "height": frame.height,
        "split": frame.split,
        "picture": reverse("api-dataset-frame", args=[frame.dataset_id, frame.pk]),
        "truths": seen.truths,
        "detections": seen.detections,
    }


class JobSummary(APIView):
    scopes = scopes.READ

    @extend_schema(
        parameters=[JOB_ID, StepSerializer],
        responses={200: SummarySerializer, 400: ErrorSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request, job_id: str) -> Response:
        """What a checkpoint is worth on the evaluation frames, and whether the model has trained enough; 404 for a step
        that was not measured."""
        job = get_for_team(TrainingJob.objects, request.team, job_id)
        asked = _asked_for(StepSerializer(data=request.query_params))
        try:
            checkpoint = checkpoint_detections.chosen(job, job.checkpoints.with_summary(), asked["step"])
        except checkpoint_detections.NotReadable as reason:
            raise NotFound(str(reason)) from None
        judged = VerdictSerializer(verdict_of(job)).data
        return Response({"step": checkpoint.step, **(checkpoint.summary or {}), "verdict": judged})
