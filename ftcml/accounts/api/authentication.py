from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from ftcml.accounts import messages
from ftcml.accounts.models import ApiToken, User
from ftcml.accounts.services import api_tokens
from ftcml.core.logging import logs


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Token KEY`. The request then acts for the token's person in the token's team."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        words = get_authorization_header(request).decode(errors="replace").split()
        if len(words) != 2 or words[0].lower() != "token":
            return None
        token = api_tokens.use(words[1])
        if token is None or not token.membership.user.may_sign_in:
            raise AuthenticationFailed(messages.BAD_KEY)
        request._request.team = token.membership.team
        logs.bind_person(token.membership.user, token.membership.team)
        return token.membership.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Token"


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # the library has no types
    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Token KEY"}
