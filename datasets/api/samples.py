"""The sample dataset by API v1."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from datasets.api.serializers import StartedImportSerializer
from datasets.refusals import DatasetRefused
from datasets.services import imports
from ftcml.accounts.services import scopes
from ftcml.accounts.services.throttle import ImportThrottle
from ftcml.core.requests.api_errors import ErrorSerializer, Refused


class SampleDataset(APIView):
    scopes = scopes.LABEL
    throttle_classes = (ImportThrottle,)

    @extend_schema(
        operation_id="datasets_sample",
        request=None,
        responses={202: StartedImportSerializer, 400: ErrorSerializer, 429: ErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        """Have the sample dataset made, and return it: the one that is there, where there is one."""
        try:
            dataset = imports.request_sample(request.team, request.user)
        except DatasetRefused as refusal:
            raise Refused(str(refusal)) from None
        return Response(StartedImportSerializer(dataset).data, status=status.HTTP_202_ACCEPTED)


urlpatterns = [path("datasets/sample/", SampleDataset.as_view(), name="api-dataset-sample")]
