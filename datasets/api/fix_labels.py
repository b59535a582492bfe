"""Opens a dataset's frames to fix their labels, by API v1."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from datasets.api.datasets import DATASET_ID
from datasets.models import Dataset
from datasets.refusals import DatasetRefused
from datasets.services.labeling import labels_to_fix
from ftcml.accounts.services import scopes
from ftcml.accounts.services.access import get_for_team
from ftcml.accounts.services.throttle import ImportThrottle
from ftcml.core.requests.api_errors import Conflict, ErrorSerializer


class FixedInSerializer(serializers.Serializer):
    videos = serializers.ListField(
        child=serializers.UUIDField(), help_text="The ids of the videos in which the labels are fixed."
    )


@extend_schema(parameters=[DATASET_ID])
class DatasetFixLabels(APIView):
    scopes = scopes.LABEL
    throttle_classes = (ImportThrottle,)

    @extend_schema(
        operation_id="datasets_fix_labels",
        request=None,
        responses={200: FixedInSerializer, 404: ErrorSerializer, 409: ErrorSerializer, 429: ErrorSerializer},
    )
    def post(self, request: Request, dataset_id: str) -> Response:
        """Open the dataset's frames as a video, and return it. Twice makes one.

        A dataset that was produced from videos is fixed in those. Watch a video's `state`: it becomes READY. 409 while
        the dataset isn't ready, or the video is in the trash.
        """
        dataset = get_for_team(Dataset.objects, request.team, dataset_id)
        try:
            videos = labels_to_fix.open_frames(dataset, request.user)
        except DatasetRefused as refusal:
            raise Conflict(str(refusal)) from None
        return Response({"videos": [video.pk for video in videos]})


urlpatterns = [path("datasets/<str:dataset_id>/fix-labels/", DatasetFixLabels.as_view(), name="api-dataset-fix-labels")]
