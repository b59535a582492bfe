"""A sign-in through the provider, by allauth's client of OpenID Connect.

allauth keeps the state in the session, makes the proof key (PKCE) and fetches the tokens. It asks for no nonce, and
trusts every token that came by HTTPS: tokens.py checks both.
"""

from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Any

import requests
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from ftcml.accounts.reasons import Reason, SignOnRefused
from ftcml.accounts.services.sign_on import discovery, tokens
from ftcml.accounts.services.sign_on.tokens import Claims

_NEXT, _NONCE, _VERIFIER = "next", "nonce", "pkce_code_verifier"
# A longer hint doesn't fit into every provider's address line.
_LONGEST_HINT = 4000


@dataclass(frozen=True)
class Vouched:
    """Whom the provider vouches for, and where they wanted to go. `next`: as it was asked for, unchecked."""

    claims: Claims
    id_token: str
    next: str


class Provider(OpenIDConnectProvider):
    """The one provider of the settings; none is in the database."""

    def __init__(self, request: HttpRequest) -> None:
        choices = {"server_url": settings.OIDC_ISSUER, "oauth_pkce_enabled": True, "scope": settings.OIDC_SCOPES}
        app = SocialApp(
            provider=self.id,
            provider_id=settings.OIDC_ISSUER,
            name=settings.OIDC_NAME,
            client_id=settings.OIDC_CLIENT_ID,
            secret=settings.OIDC_CLIENT_SECRET,
            settings=choices,
        )
        super().__init__(request, app=app)

    def get_oauth2_adapter(self, request: HttpRequest) -> "_Adapter":
        return _Adapter(request, self)


class _Adapter(OpenIDConnectOAuth2Adapter):
    """With what discovery.py has kept, and our address to come back to."""

    def __init__(self, request: HttpRequest, provider: Provider) -> None:
        super().__init__(request, provider.sub_id)
        self._provider = provider

    def get_provider(self) -> Provider:
        return self._provider

    @property
    def openid_config(self) -> dict[str, Any]:
        return discovery.document()

    @property
    def basic_auth(self) -> bool:
        """As the provider's document says; a provider that says nothing takes this."""
        methods = self.openid_config.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return "client_secret_post" not in methods

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return request.build_absolute_uri(reverse("sign-on-back"))


def is_on() -> bool:
    """Return whether an operator has set a provider."""
    return bool(settings.OIDC_ISSUER)


def begin(request: HttpRequest, after: str) -> str:
    """Return the address at the provider where a sign-in continues. `after`: where to go then. Raises SignOnRefused."""
    discovery.document()
    nonce = token_urlsafe(32)
    answer = Provider(request).redirect(request, "login", after, auth_params={_NONCE: nonce}, nonce=nonce)
    return str(answer["Location"])


def finish(request: HttpRequest) -> Vouched:
    """Return for whom the provider vouches, who comes back from it with this request. Raises SignOnRefused."""
    provider = Provider(request)
    try:
        state = provider.unstash_redirect_state(request, request.GET.get("state", ""))
    except PermissionDenied:
        raise SignOnRefused(Reason.STALE) from None
    if error := request.GET.get("error"):
        raise SignOnRefused(Reason.CANCELED if error == "access_denied" else Reason.REFUSED, error[:100])
    if request.GET.get("iss", discovery.document()["issuer"]) != discovery.document()["issuer"]:
        raise SignOnRefused(Reason.ISSUER, "of the answer")
    adapter = provider.get_oauth2_adapter(request)
    answer = _fetched(adapter, request, state[_VERIFIER])
    id_token = answer.get("id_token")
    claims = tokens.id_claims(id_token, state[_NONCE])
    told = _user_info(adapter, answer["access_token"], claims["sub"])
    return Vouched({**told, **claims}, str(id_token), str(state.get(_NEXT) or ""))


def sign_out_address(request: HttpRequest, id_token: str) -> str:
    """Return where people sign out of the provider as well, to come back to our sign-in page, or ""."""
    address = discovery.end_session_address()
    if not address:
        return ""
    question = {
        "client_id": settings.OIDC_CLIENT_ID,
        "post_logout_redirect_uri": request.build_absolute_uri(reverse("sign-in")),
    }
    if len(id_token) <= _LONGEST_HINT:
        question["id_token_hint"] = id_token
    return f"{address}{'&' if '?' in address else '?'}{urlencode(question)}"


def _fetched(adapter: _Adapter, request: HttpRequest, verifier: str) -> dict[str, Any]:
    """Return the tokens for the code that the person came back with."""
    app = adapter.get_provider().app
    try:
        return adapter.get_access_token_data(request, app, adapter.get_client(request, app), verifier)
    except OAuth2Error as error:
        raise SignOnRefused(Reason.REFUSED, error) from None
    except requests.RequestException as error:
        raise SignOnRefused(Reason.AWAY, error) from None
    except (ValueError, KeyError) as error:
        raise SignOnRefused(Reason.SHAPE, error) from None


def _user_info(adapter: _Adapter, access_token: str, subject: str) -> Claims:
    """Return what the provider tells apart from the token. It must be of the same person."""
    if not discovery.document().get("userinfo_endpoint"):
        return {}
    try:
        told = adapter._fetch_user_info(access_token)
    except requests.JSONDecodeError as error:
        raise SignOnRefused(Reason.SHAPE, error) from None
    except requests.RequestException as error:
        raise SignOnRefused(Reason.AWAY, error) from None
    if not isinstance(told, dict) or told.get("sub") != subject:
        raise SignOnRefused(Reason.SHAPE, "sub of the user's information")
    return told
