"""A team's trash by API v1: what it holds, and each thing's way back or out."""

from typing import ClassVar
from uuid import UUID

from django.http import Http404
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ftcml.accounts.services import scopes
from ftcml.core.requests.api_errors import Conflict, ErrorSerializer
from training.messages.page_words import NOT_IN_THE_TRASH
from training.trash.team_trash import FIELDS, Choice, Kind, Outcome, items

_ANSWERS = {204: None, 404: ErrorSerializer, 409: ErrorSerializer}


class TrashItemSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(list(FIELDS))
    id = serializers.CharField(source="row.pk")
    description = serializers.CharField(source="row.__str__")
    deleted = serializers.DateTimeField(source="trashed_at")
    goes = serializers.DateTimeField(help_text="When it's deleted for good, or before, when the disk is nearly full.")


class TrashList(GenericAPIView):
    scopes = scopes.READ
    serializer_class = TrashItemSerializer
    pagination_class = None  # all of it is answered at once, and described so

    @extend_schema(operation_id="trash_list", responses={200: TrashItemSerializer(many=True)})
    def get(self, request: Request) -> Response:
        """Return what the team deleted and can restore, the latest first."""
        return Response(self.get_serializer(items(request.team), many=True).data)


def _id(name: str) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.UUID, OpenApiParameter.PATH)


_VIDEO, _DATASET, _MODEL = "trashed_video_id", "trashed_id", "trashed_job_id"


class _InTrash(APIView):
    """One thing of a kind."""

    kind: ClassVar[Kind]

    def chosen(self, request: Request, found: dict[str, UUID]) -> Choice:
        """`found`: the id in the address. Raises Http404 where it isn't in the team's trash."""
        own = [str(one) for one in found.values()]
        ids: dict[Kind, list[str]] = {kind: own if kind == self.kind else [] for kind in FIELDS}
        chosen = Choice.of(request.team, ids["dataset"], ids["model"], ids["video"])
        if not chosen.items:
            raise Http404(NOT_IN_THE_TRASH)
        return chosen


class _Restore(_InTrash):
    @extend_schema(request=None, responses=_ANSWERS)
    def post(self, request: Request, **found: UUID) -> Response:
        """Put it back as it was. 409 says why it can't be."""
        return _answer(self.chosen(request, found).restore(request.user))


class _DeleteNow(_InTrash):
    scopes = scopes.ADMIN

    @extend_schema(responses=_ANSWERS)
    def delete(self, request: Request, **found: UUID) -> Response:
        """Delete it for good. 409 while others go on from it."""
        return _answer(self.chosen(request, found).delete_now(request.user))


def _answer(outcome: Outcome) -> Response:
    if outcome.refusals:
        raise Conflict(" ".join(outcome.refusals))
    return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(parameters=[_id(_VIDEO)])
class RestoreVideo(_Restore):
    scopes = scopes.LABEL
    kind = "video"


@extend_schema(parameters=[_id(_DATASET)])
class RestoreDataset(_Restore):
    scopes = scopes.LABEL
    kind = "dataset"


@extend_schema(parameters=[_id(_MODEL)])
class RestoreModel(_Restore):
    scopes = scopes.TRAIN
    kind = "model"


@extend_schema(parameters=[_id(_VIDEO)])
class DeleteVideo(_DeleteNow):
    kind = "video"


@extend_schema(parameters=[_id(_DATASET)])
class DeleteDataset(_DeleteNow):
    kind = "dataset"


@extend_schema(parameters=[_id(_MODEL)])
class DeleteModel(_DeleteNow):
    kind = "model"


urlpatterns = [
    path("trash/", TrashList.as_view(), name="api-trash"),
    path("trash/videos/<uuid:trashed_video_id>/", DeleteVideo.as_view(), name="api-trash-video"),
    path("trash/videos/<uuid:trashed_video_id>/restore/", RestoreVideo.as_view(), name="api-trash-video-restore"),
    path("trash/datasets/<uuid:trashed_id>/", DeleteDataset.as_view(), name="api-trash-dataset"),
    path("trash/datasets/<uuid:trashed_id>/restore/", RestoreDataset.as_view(), name="api-trash-dataset-restore"),
    path("trash/training-jobs/<uuid:trashed_job_id>/", DeleteModel.as_view(), name="api-trash-job"),
    path("trash/training-jobs/<uuid:trashed_job_id>/restore/", RestoreModel.as_view(), name="api-trash-job-restore"),
]
