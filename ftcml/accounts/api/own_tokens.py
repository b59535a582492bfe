"""One's own tokens by API v1: the one that is used, the list, a new one, and their end."""

from django.http import Http404
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import PermissionDenied
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from ftcml.accounts import messages
from ftcml.accounts.api.token_shapes import (
    CurrentTokenSerializer,
    GivenTokenSerializer,
    OwnTokenSerializer,
    TokenSerializer,
)
from ftcml.accounts.models import ApiToken, Scope, end_of_token
from ftcml.accounts.services import api_tokens, scopes
from ftcml.accounts.services.throttle import PeopleThrottle
from ftcml.core.requests.api_errors import Conflict, ErrorSerializer, Refused


class CurrentToken(APIView):
    # Who has a token may end it.
    scopes = scopes.ASK

    @extend_schema(operation_id="tokens_current", responses={200: CurrentTokenSerializer})
    def get(self, request: Request) -> Response:
        """Return the token that this request was sent with: its team, what it may do, and when it ends.

        A page's session has all scopes, and no token.
        """
        token = request.auth if isinstance(request.auth, ApiToken) else None
        scopes = token.scopes if token else list(Scope)
        about = {"team": request.team.number, "username": request.user.username, "scopes": scopes, "token": token}
        return Response(CurrentTokenSerializer(about).data)

    @extend_schema(operation_id="tokens_end_current", responses={204: None, 409: ErrorSerializer})
    def delete(self, request: Request) -> Response:
        """End the token that this request was sent with, as a program does that signs out."""
        if not isinstance(request.auth, ApiToken):
            raise Conflict(messages.NO_TOKEN)
        request.auth.delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


class TokenList(GenericAPIView):
    scopes = scopes.ADMIN_ALONE
    serializer_class = OwnTokenSerializer
    pagination_class = None  # all of them are answered at once, and described so

    def get_throttles(self) -> list[BaseThrottle]:
        return [PeopleThrottle()] if self.request.method == "POST" else []

    @extend_schema(operation_id="tokens_list", responses={200: OwnTokenSerializer(many=True)})
    def get(self, request: Request) -> Response:
        """Return your own tokens for this team."""
        return Response(self.get_serializer(api_tokens.of_membership(request.user, request.team), many=True).data)

    @extend_schema(
        operation_id="tokens_create",
        request=GivenTokenSerializer,
        responses={201: TokenSerializer, 400: ErrorSerializer, 403: ErrorSerializer, 429: ErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        """Make a token for the same team. It gets no scope that yours lacks."""
        given = GivenTokenSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        said = given.validated_data
        _check_no_more(request, said["scopes"])
        try:
            key = api_tokens.make(request.user.memberships.get(team=request.team), said["name"], said["scopes"])
        except api_tokens.TokenRefused as refusal:
            raise Refused(str(refusal)) from None
        made = TokenSerializer({"token": key, "expires": end_of_token()})
        return Response(made.data, status=status.HTTP_201_CREATED)


@extend_schema(parameters=[OpenApiParameter("token_id", OpenApiTypes.INT, OpenApiParameter.PATH)])
class TokenDetail(APIView):
    scopes = scopes.ADMIN_ALONE
    # No OPTIONS, which would answer whose token it is not.
    http_method_names = ["delete"]

    @extend_schema(operation_id="tokens_revoke", responses={204: None, 404: ErrorSerializer})
    def delete(self, request: Request, token_id: int) -> Response:
        """Revoke one of your tokens. Programs that use it stop working right away."""
        token = api_tokens.of_membership(request.user, request.team).filter(pk=token_id).first()
        if token is None:
            raise Http404(messages.NO_SUCH_TOKEN)
        api_tokens.revoke(token)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _check_no_more(request: Request, wanted: list[Scope]) -> None:
    """Raise PermissionDenied where a token asks for more than it has itself."""
    if isinstance(request.auth, ApiToken) and not set(wanted) <= set(request.auth.scopes):
        raise PermissionDenied(messages.more_scopes_than(request.auth.scopes))


urlpatterns = [
    path("tokens/", TokenList.as_view(), name="api-tokens"),
    path("tokens/current/", CurrentToken.as_view(), name="api-token-current"),
    path("tokens/<int:token_id>/", TokenDetail.as_view(), name="api-token-one"),
]
