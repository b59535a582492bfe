"""A team's webhooks by API v1. Only its coaches see and change them."""

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
from ftcml.accounts.services.access import check_coach, get_for_team
from ftcml.accounts.services.throttle import WebhookThrottle
from ftcml.core.requests.api_errors import ErrorSerializer, Refused
from ftcml.integrations.api.webhook_shapes import (
    DeliverySerializer,
    GivenWebhookSerializer,
    NewWebhookSerializer,
    SecretSerializer,
    WebhookChangeSerializer,
    WebhookSerializer,
)
from ftcml.integrations.models import Delivery, Webhook
from ftcml.integrations.services import webhooks
from ftcml.integrations.services.webhooks import WebhookRefused

_WEBHOOK_ID = OpenApiParameter("webhook_id", OpenApiTypes.INT, OpenApiParameter.PATH)
_REFUSED = {400: ErrorSerializer, 403: ErrorSerializer, 429: ErrorSerializer}
_OF_ONE = {403: ErrorSerializer, 404: ErrorSerializer}


def _hook(request: Request, webhook_id: str) -> Webhook:
    """Raises Http404 for another team's, and PermissionDenied unless a coach asks."""
    hook = get_for_team(Webhook.objects, request.team, webhook_id)
    check_coach(request)
    return hook


class WebhookList(GenericAPIView):
    scopes = scopes.ADMIN_ALONE
    serializer_class = WebhookSerializer
    pagination_class = None  # all of them are answered at once, and described so

    def get_throttles(self) -> list[BaseThrottle]:
        return [WebhookThrottle()] if self.request.method == "POST" else []

    @extend_schema(operation_id="webhooks_list", responses={200: WebhookSerializer(many=True), 403: ErrorSerializer})
    def get(self, request: Request) -> Response:
        """Return the team's webhooks."""
        check_coach(request)
        return Response(self.get_serializer(Webhook.objects.for_team(request.team), many=True).data)

    @extend_schema(request=GivenWebhookSerializer, responses={201: NewWebhookSerializer, **_REFUSED})
    def post(self, request: Request) -> Response:
        """Have events sent to an address, signed with the secret in this answer."""
        check_coach(request)
        given = GivenWebhookSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            hook, secret = webhooks.add(request.team, request.user, **given.validated_data)
        except WebhookRefused as refusal:
            raise Refused(str(refusal)) from None
        made = NewWebhookSerializer({"webhook": hook, "secret": secret})
        return Response(made.data, status=status.HTTP_201_CREATED)


@extend_schema(parameters=[_WEBHOOK_ID])
class WebhookDetail(GenericAPIView):
    scopes = scopes.ADMIN_ALONE
    serializer_class = WebhookSerializer

    @extend_schema(responses={200: WebhookSerializer, **_OF_ONE})
    def get(self, request: Request, webhook_id: str) -> Response:
        return Response(self.get_serializer(_hook(request, webhook_id)).data)

    @extend_schema(request=WebhookChangeSerializer, responses={200: WebhookSerializer, 400: ErrorSerializer, **_OF_ONE})
    def patch(self, request: Request, webhook_id: str) -> Response:
        """Give the webhook another address or other events, or turn it on or off."""
        hook = _hook(request, webhook_id)
        given = WebhookChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        said = given.validated_data
        try:
            if said.keys() & {"url", "events"}:
                webhooks.change(hook, said.get("url", hook.url), said.get("events", hook.events))
        except WebhookRefused as refusal:
            raise Refused(str(refusal)) from None
        if "is_on" in said and said["is_on"] != hook.is_on:
            webhooks.switch(hook, said["is_on"])
        return Response(self.get_serializer(hook).data)

    @extend_schema(responses={204: None, **_OF_ONE})
    def delete(self, request: Request, webhook_id: str) -> Response:
        """Delete the webhook, with the list of its messages."""
        _hook(request, webhook_id).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(parameters=[_WEBHOOK_ID])
class WebhookSecret(APIView):
    scopes = scopes.ADMIN_ALONE

    @extend_schema(operation_id="webhooks_new_secret", request=None, responses={200: SecretSerializer, **_OF_ONE})
    def post(self, request: Request, webhook_id: str) -> Response:
        """Make a new secret. The old one signs nothing from now on."""
        return Response({"secret": webhooks.renew_secret(_hook(request, webhook_id))})


@extend_schema(parameters=[_WEBHOOK_ID])
class WebhookTest(APIView):
    scopes = scopes.ADMIN_ALONE
    throttle_classes = (WebhookThrottle,)

    @extend_schema(operation_id="webhooks_test", request=None, responses={202: None, **_OF_ONE, 429: ErrorSerializer})
    def post(self, request: Request, webhook_id: str) -> Response:
        """Send a `webhook.test`. The list of messages says what came of it."""
        webhooks.test(_hook(request, webhook_id))
        return Response(status=status.HTTP_202_ACCEPTED)


@extend_schema(parameters=[_WEBHOOK_ID], responses={200: DeliverySerializer(many=True), **_OF_ONE})
class WebhookDeliveries(ListAPIView):
    """Return what became of the messages to the webhook in the last 30 days, the newest first."""

    scopes = scopes.ADMIN_ALONE
    serializer_class = DeliverySerializer
    queryset = Delivery.objects.none()  # tells the schema the kind of object

    def get_queryset(self) -> QuerySet[Delivery]:
        return _hook(self.request, self.kwargs["webhook_id"]).deliveries.select_related("event")


_ONE = "webhooks/<int:webhook_id>"
urlpatterns = [
    path("webhooks/", WebhookList.as_view(), name="api-webhooks"),
    path(f"{_ONE}/", WebhookDetail.as_view(), name="api-webhook"),
    path(f"{_ONE}/secret/", WebhookSecret.as_view(), name="api-webhook-secret"),
    path(f"{_ONE}/test/", WebhookTest.as_view(), name="api-webhook-test"),
    path(f"{_ONE}/deliveries/", WebhookDeliveries.as_view(), name="api-webhook-deliveries"),
]
