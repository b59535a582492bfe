"""The dataset part of API v1."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from datasets.api.report import Report
from datasets.api.serializers import (
    DatasetQuerySerializer,
    DatasetSerializer,
    EditSerializer,
    ImportSerializer,
    RenameDatasetSerializer,
    ReportSerializer,
    StartedImportSerializer,
)
from datasets.edits import Edits
from datasets.formats.catalog import WRITTEN
from datasets.messages.page_words import STILL_IMPORTED
from datasets.models import Dataset
from datasets.reasons import Code
from datasets.refusals import DatasetInUse, DatasetRefused
from datasets.services import dataset_list, downloads, editing, imports, trash
from datasets.services.gallery import picture_file
from ftcml.accounts.services import scopes
from ftcml.accounts.services.access import get_for_team
from ftcml.accounts.services.throttle import ImportThrottle
from ftcml.core.files.uploads import takes_uploads
from ftcml.core.requests.api_errors import Conflict, ErrorSerializer, ErrorsInJson, Refused
from ftcml.integrations.services.once import KEY, REPEATED, once

DATASET_ID = OpenApiParameter("dataset_id", OpenApiTypes.STR, OpenApiParameter.PATH)


@extend_schema(parameters=[DatasetQuerySerializer], responses={200: DatasetSerializer(many=True), 400: ErrorSerializer})
class DatasetList(ListAPIView):
    """Return the team's datasets, the newest first unless another order is asked for."""

    scopes = scopes.READ
    serializer_class = DatasetSerializer
    queryset = Dataset.objects.none()  # tells the schema the kind of object

    def get_queryset(self) -> QuerySet[Dataset]:
        asked = DatasetQuerySerializer(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        return dataset_list.found(self.request.team, **asked.validated_data)


@extend_schema(parameters=[DATASET_ID])
class DatasetDetail(GenericAPIView):
    scopes = scopes.LABEL
    serializer_class = DatasetSerializer

    @extend_schema(responses={200: DatasetSerializer, 404: ErrorSerializer})
    def get(self, request: Request, dataset_id: str) -> Response:
        return Response(self.get_serializer(get_for_team(Dataset.objects, request.team, dataset_id)).data)

    @extend_schema(
        request=RenameDatasetSerializer, responses={200: DatasetSerializer, 400: ErrorSerializer, 404: ErrorSerializer}
    )
    def patch(self, request: Request, dataset_id: str) -> Response:
        """Give the dataset another description."""
        dataset = get_for_team(Dataset.objects, request.team, dataset_id)
        given = RenameDatasetSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            editing.rename(dataset, given.validated_data["description"])
        except DatasetRefused as refusal:
            raise Refused(str(refusal)) from None
        dataset.refresh_from_db()
        return Response(self.get_serializer(dataset).data)

    @extend_schema(responses={204: None, 404: ErrorSerializer, 409: ErrorSerializer})
    def delete(self, request: Request, dataset_id: str) -> Response:
        """Move the dataset to the trash, where it stays for some days; 409 names the models that use it."""
        try:
            trash.move_to_trash(get_for_team(Dataset.objects, request.team, dataset_id))
        except DatasetInUse as refusal:
            raise Conflict(str(refusal)) from None
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(parameters=[DATASET_ID])
class DatasetEdit(APIView):
    scopes = scopes.LABEL
    throttle_classes = (ImportThrottle,)

    @extend_schema(
        request=EditSerializer,
        responses={
            202: StartedImportSerializer,
            400: ErrorSerializer,
            404: ErrorSerializer,
            409: ErrorSerializer,
            429: ErrorSerializer,
        },
    )
    def post(self, request: Request, dataset_id: str) -> Response:
        """Change labels and frames. Watch the copy that is made: it takes the dataset's place unless models use that.

        409 while the dataset isn't ready or other changes are being saved.
        """
        dataset = get_for_team(Dataset.objects, request.team, dataset_id)
        given = EditSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        try:
            if editing.saving(dataset):
                raise DatasetRefused(Code.ALREADY_SAVING)
            edits = Edits(asked["labels"], asked["frames"])
            copy = editing.save(dataset, request.user, asked["description"], edits)
        except DatasetRefused as refusal:
            is_early = refusal.reason.code in (Code.NOT_READY, Code.STILL_CHECKED, Code.ALREADY_SAVING)
            raise (Conflict if is_early else Refused)(str(refusal)) from None
        return Response(StartedImportSerializer(copy).data, status=status.HTTP_202_ACCEPTED)


@extend_schema(parameters=[DATASET_ID])
class DatasetInspection(APIView):
    scopes = scopes.READ

    @extend_schema(responses={200: ReportSerializer, 404: ErrorSerializer, 409: ErrorSerializer})
    def get(self, request: Request, dataset_id: str) -> Response:
        """Return box sizes, near-duplicates across the split, and warnings. 409 unless the dataset is READY."""
        dataset = get_for_team(Dataset.objects, request.team, dataset_id)
        if dataset.state != Dataset.State.READY:
            raise Conflict(STILL_IMPORTED)
        return Response(ReportSerializer(Report.of(dataset)).data)


@extend_schema(parameters=[DATASET_ID])
class DatasetFrame(APIView):
    scopes = scopes.READ
    content_negotiation_class = ErrorsInJson

    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY, 404: ErrorSerializer})
    @method_decorator(cache_control(private=True, max_age=86_400, immutable=True))
    def get(self, request: Request, dataset_id: str, frame_id: int) -> FileResponse:
        """Return the picture of one frame."""
        dataset = get_for_team(Dataset.objects, request.team, dataset_id)
        return picture_file(get_object_or_404(dataset.shown_frames(), pk=frame_id))


@extend_schema(parameters=[DATASET_ID])
class DatasetDownload(APIView):
    scopes = scopes.READ
    content_negotiation_class = ErrorsInJson

    @extend_schema(
        parameters=[OpenApiParameter("format", enum=list(WRITTEN), default=downloads.STORED_FORMAT)],
        responses={(200, "application/zip"): OpenApiTypes.BINARY, 400: ErrorSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request, dataset_id: str) -> StreamingHttpResponse:
        """Return the dataset as a zip file in the format asked for; by default TFRecord shards and label map."""
        dataset = get_for_team(Dataset.objects, request.team, dataset_id)
        try:
            download = downloads.download(dataset, request.query_params.get("format", downloads.STORED_FORMAT))
        except DatasetRefused as refusal:
            raise Refused(str(refusal)) from None
        return download.response()


class DatasetImport(APIView):
    scopes = scopes.LABEL
    parser_classes = (MultiPartParser,)
    throttle_classes = (ImportThrottle,)

    @extend_schema(
        operation_id="datasets_import",
        parameters=[KEY],
        request={"multipart/form-data": ImportSerializer},
        responses={
            202: StartedImportSerializer,
            400: ErrorSerializer,
            413: ErrorSerializer,
            429: ErrorSerializer,
            **REPEATED,
        },
    )
    @once()
    def post(self, request: Request, made_id: UUID | None) -> Response:
        """Start an import. Watch the dataset's `state`: it becomes READY, or FAILED with its `error`."""
        if made_id and (made := Dataset.objects.for_team(request.team).filter(pk=made_id).first()):
            return Response(StartedImportSerializer(made).data, status=status.HTTP_202_ACCEPTED)
        form = ImportSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        given = form.validated_data
        upload, description = given.pop("file"), given.pop("description")
        try:
            choices = imports.ImportChoices(**given)
            dataset = imports.request_import(request.team, request.user, upload, description, choices, made_id)
        except DatasetRefused as refusal:
            raise Refused(str(refusal)) from None
        return Response(StartedImportSerializer(dataset).data, status=status.HTTP_202_ACCEPTED)


urlpatterns = [
    path("datasets/", DatasetList.as_view(), name="api-datasets"),
    path("datasets/import/", takes_uploads(DatasetImport.as_view()), name="api-dataset-import"),
    path("datasets/<str:dataset_id>/", DatasetDetail.as_view(), name="api-dataset"),
    path("datasets/<str:dataset_id>/edit/", DatasetEdit.as_view(), name="api-dataset-edit"),
    path("datasets/<str:dataset_id>/download/", DatasetDownload.as_view(), name="api-dataset-download"),
    path("datasets/<str:dataset_id>/inspection/", DatasetInspection.as_view(), name="api-dataset-inspection"),
    path("datasets/<str:dataset_id>/frames/<int:frame_id>.jpg", DatasetFrame.as_view(), name="api-dataset-frame"),
]
