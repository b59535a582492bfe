"""Produce Dataset in API v1: the same choices as the dialog, and what comes of them."""

from typing import Any
from uuid import UUID

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from datasets.api.produce_serializers import PreviewSerializer, ProduceSerializer, ProductionChoicesSerializer
from datasets.api.serializers import StartedImportSerializer
from datasets.models import Dataset
from datasets.production.choices import ProductionChoices, SplitMethod
from datasets.reasons import Code
from datasets.refusals import DatasetRefused
from datasets.services.labeling import production
from ftcml.accounts.services import scopes
from ftcml.accounts.services.access import get_all_for_team
from ftcml.accounts.services.throttle import ImportThrottle
from ftcml.core.requests.api_errors import Conflict, ErrorSerializer, Refused
from ftcml.integrations.services.once import KEY, REPEATED, once
from videos.models import Video


class DatasetProduce(APIView):
    scopes = scopes.LABEL
    throttle_classes = (ImportThrottle,)

    @extend_schema(
        operation_id="datasets_produce",
        parameters=[KEY],
        request=ProduceSerializer,
        responses={
            202: StartedImportSerializer,
            400: ErrorSerializer,
            404: ErrorSerializer,
            409: ErrorSerializer,
            429: ErrorSerializer,
            **REPEATED,
        },
    )
    @once()
    def post(self, request: Request, made_id: UUID | None) -> Response:
        """Produce a dataset from finished frames of videos. Watch its `state`: it becomes READY or FAILED.

        409 while a video isn't READY.
        """
        if made_id and (made := Dataset.objects.for_team(request.team).filter(pk=made_id).first()):
            return Response(StartedImportSerializer(made).data, status=status.HTTP_202_ACCEPTED)
        given = ProduceSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        videos = get_all_for_team(Video.objects.order_by("created", "id"), request.team, asked["videos"])
        try:
            dataset = production.request(
                request.team,
                request.user,
                asked["description"],
                videos,
                _choices(asked),
                asked["next_version"],
                dataset_id=made_id,
            )
        except DatasetRefused as refusal:
            is_early = refusal.reason.code == Code.VIDEO_NOT_READY
            raise (Conflict if is_early else Refused)(str(refusal)) from None
        return Response(StartedImportSerializer(dataset).data, status=status.HTTP_202_ACCEPTED)


class DatasetProducePreview(APIView):
    scopes = scopes.ASK

    @extend_schema(
        operation_id="datasets_produce_preview",
        request=ProductionChoicesSerializer,
        responses={200: PreviewSerializer, 400: ErrorSerializer, 404: ErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        """Return what would be produced, and the warnings that the dataset would have. Nothing is made."""
        given = ProductionChoicesSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        videos = get_all_for_team(Video.objects.order_by("created", "id"), request.team, asked["videos"])
        return Response(PreviewSerializer(production.preview(request.team, videos, _choices(asked))).data)


def _choices(asked: dict[str, Any]) -> ProductionChoices:
    return ProductionChoices(
        videos=(),
        method=SplitMethod(asked["method"]),
        eval_percent=asked["eval_percent"],
        seed=asked["seed"],
        labels=asked["labels"],
        kept=tuple(asked["kept"]),
        reviewed_only=asked["reviewed_only"],
    )


urlpatterns = [
    path("datasets/produce/", DatasetProduce.as_view(), name="api-dataset-produce"),
    path("datasets/produce/preview/", DatasetProducePreview.as_view(), name="api-dataset-produce-preview"),
]
