"""The pages of the provider in oidc_provider.py, and what it claims. Only its own process imports this."""

import json
from typing import Any

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.urls import include, path


def _put_over(claims: dict[str, Any], what: str) -> None:
    for name, value in json.loads(settings.PROVIDER_CLAIMS.read_text())[what].items():
        if value is None:
            claims.pop(name, None)
        else:
            claims[name] = value


class Adapter(DefaultOIDCAdapter):
    """Says what claims.json says."""

    def populate_id_token(self, id_token: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        _put_over(id_token, "id_token")

    def get_claims(self, purpose: str, *args: Any, **kwargs: Any) -> dict[str, Any]:
        claims = super().get_claims(purpose, *args, **kwargs)
        if purpose == "userinfo":
            _put_over(claims, "userinfo")
        return claims


def who(request: HttpRequest) -> HttpResponse:
    """Sign in as anyone: what a provider asks for is its own affair."""
    if request.method == "POST":
        login(request, User.objects.get(username=request.POST["name"]))
        return HttpResponseRedirect(request.GET["next"])
    token = f'<input type="hidden" name="csrfmiddlewaretoken" value="{get_token(request)}">'
    buttons = "".join(f'<button name="name" value="{user}">I am {user}</button>' for user in User.objects.all())
    return HttpResponse(f'<form method="post">{token}{buttons}</form>')


urlpatterns = [
    path("who/", who),
    path("accounts/", include("allauth.urls")),
    path("", include("allauth.idp.urls")),
]
