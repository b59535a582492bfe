"""The labels of a team by API v1."""

from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from ftcml.accounts.services import scopes
from ftcml.accounts.services.access import get_for_team
from ftcml.core.requests.api_errors import Conflict, ErrorSerializer, Refused
from videos.api.serializers import GivenLabelSerializer, LabelSerializer
from videos.labeling import labels
from videos.models import Label
from videos.reasons import Code
from videos.refusals import VideoRefused

_LABEL_ID = OpenApiParameter("label_id", OpenApiTypes.INT, OpenApiParameter.PATH)
_CONFLICTS = (Code.LABEL_TAKEN, Code.LABEL_IN_USE)


def _refused(refusal: VideoRefused) -> Conflict | Refused:
    return (Conflict if refusal.reason.code in _CONFLICTS else Refused)(str(refusal))


def _name(request: Request) -> str:
    given = GivenLabelSerializer(data=request.data)
    given.is_valid(raise_exception=True)
    return str(given.validated_data["name"])


class LabelList(GenericAPIView):
    scopes = scopes.LABEL
    serializer_class = LabelSerializer
    pagination_class = None  # all of them are answered at once, and described so

    @extend_schema(operation_id="labels_list", responses={200: LabelSerializer(many=True)})
    def get(self, request: Request) -> Response:
        """Return the team's labels by name."""
        return Response(self.get_serializer(Label.objects.for_team(request.team), many=True).data)

    @extend_schema(
        request=GivenLabelSerializer, responses={201: LabelSerializer, 400: ErrorSerializer, 409: ErrorSerializer}
    )
    def post(self, request: Request) -> Response:
        """Add a label. 409 where the team has one of that name."""
        try:
            label = labels.create(request.team, _name(request))
        except VideoRefused as refusal:
            raise _refused(refusal) from None
        return Response(self.get_serializer(label).data, status=status.HTTP_201_CREATED)


@extend_schema(parameters=[_LABEL_ID])
class LabelDetail(GenericAPIView):
    scopes = scopes.LABEL
    serializer_class = LabelSerializer

    @extend_schema(
        request=GivenLabelSerializer,
        responses={200: LabelSerializer, 400: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer},
    )
    def patch(self, request: Request, label_id: int) -> Response:
        """Give the label another name, on all its boxes. 409 where the team has one of that name."""
        label = get_for_team(Label.objects, request.team, label_id)
        try:
            labels.rename(label, _name(request))
        except VideoRefused as refusal:
            raise _refused(refusal) from None
        return Response(self.get_serializer(label).data)

    @extend_schema(responses={204: None, 404: ErrorSerializer, 409: ErrorSerializer})
    def delete(self, request: Request, label_id: int) -> Response:
        """Delete the label. 409 while a box has it."""
        try:
            labels.delete(get_for_team(Label.objects, request.team, label_id))
        except VideoRefused as refusal:
            raise _refused(refusal) from None
        return Response(status=status.HTTP_204_NO_CONTENT)


urlpatterns = [
    path("labels/", LabelList.as_view(), name="api-labels"),
    path("labels/<int:label_id>/", LabelDetail.as_view(), name="api-label"),
]
