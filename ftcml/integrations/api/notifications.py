"""About what a person wants e-mail, by API v1."""

from typing import Any

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ftcml.accounts.models import User
from ftcml.accounts.services import scopes
from ftcml.core import mail
from ftcml.core.requests.api_errors import ErrorSerializer
from ftcml.integrations.api.webhook_shapes import NotificationsSerializer, OwnNotificationsSerializer
from ftcml.integrations.services import mailing


class Notifications(APIView):
    scopes = scopes.ADMIN

    @extend_schema(operation_id="notifications_retrieve", responses=OwnNotificationsSerializer)
    def get(self, request: Request) -> Response:
        """Return about which trainings you get an e-mail."""
        return Response(_of(request.user))

    @extend_schema(
        operation_id="notifications_update",
        request=NotificationsSerializer,
        responses={200: OwnNotificationsSerializer, 400: ErrorSerializer},
    )
    def put(self, request: Request) -> Response:
        """Say about which trainings you want an e-mail."""
        given = NotificationsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        mailing.set_wish(request.user, given.validated_data["trainings"])
        return Response(_of(request.user))


def _of(person: User) -> dict[str, Any]:
    about = {"mail_is_set": mail.is_set(), "has_address": bool(person.email)}
    return {"trainings": mailing.wish_of(person), **about}


urlpatterns = [path("notifications/", Notifications.as_view(), name="api-notifications")]
