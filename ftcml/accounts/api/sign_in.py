"""The sign-in part of API v1."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ftcml.accounts.api.token_shapes import ScopesField, TokenSerializer
from ftcml.accounts.messages import NOT_ON_A_TEAM, TWO_STEP_TOKEN, WRONG_PASSWORD
from ftcml.accounts.models import Scope, end_of_token
from ftcml.accounts.pages.middleware import active_team
from ftcml.accounts.services import api_tokens
from ftcml.accounts.services.guessing import TooManyTries, try_password
from ftcml.accounts.services.two_step import codes
from ftcml.core.requests.api_errors import ErrorSerializer, Refused, TooOften
from ftcml.core.requests.parameters import ApiText


class CredentialsSerializer(serializers.Serializer):
    username = ApiText()
    password = ApiText(trim_whitespace=False, style={"input_type": "password"})
    name = ApiText(
        max_length=100,
        required=False,
        allow_blank=True,
        default="",
        help_text="A name for the token. The API tokens page lists it under this name.",
    )
    scopes = ScopesField(default=list(Scope))


class TokenView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="token_create",
        request=CredentialsSerializer,
        responses={200: TokenSerializer, 400: ErrorSerializer, 429: ErrorSerializer, 503: ErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        """Return a token with which a program acts as this person, on the person's current team.

        It ends when it is revoked, when the password changes, or when it isn't used for a long time.
        """
        credentials = CredentialsSerializer(data=request.data)
        credentials.is_valid(raise_exception=True)
        given = credentials.validated_data
        try:
            user = try_password(request._request, given["username"], given["password"])
        except TooManyTries as refusal:
            raise TooOften(refusal.seconds, str(refusal)) from None
        if user is None:
            raise Refused(WRONG_PASSWORD)
        if codes.is_on(user):
            raise Refused(TWO_STEP_TOKEN)
        team = active_team(user)
        if team is None:
            raise Refused(NOT_ON_A_TEAM)
        try:
            key = api_tokens.make(user.memberships.get(team=team), given["name"], given["scopes"])
        except api_tokens.TokenRefused as refusal:
            raise Refused(str(refusal)) from None
        return Response(TokenSerializer({"token": key, "expires": end_of_token()}).data)


urlpatterns = [path("token/", TokenView.as_view(), name="api-token")]
