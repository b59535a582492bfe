"""A provider that runs, and a browser's way to it and back."""

from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from ftcml.accounts.services.sign_on import discovery
from tests.servers.oidc_provider import CLIENT, CLIENT_SECRET, OidcProvider, oidc_process

__all__ = ["oidc_process"]

# A name that the provider takes for one.
HOST = "localhost"
BACK = f"http://{HOST}/sign-in/provider/back/"


@pytest.fixture
def provider(oidc_process: OidcProvider, settings) -> OidcProvider:
    """A provider that is set, and says the truth."""
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID = oidc_process.issuer, CLIENT
    settings.OIDC_CLIENT_SECRET = CLIENT_SECRET
    settings.OIDC_NAME = "School Account"
    oidc_process.say()
    oidc_process.knows(BACK)
    discovery.forget()
    cache.clear()
    return oidc_process


@dataclass
class Person:
    """A person's browser, at us and at the provider."""

    name: str
    client: Client = field(default_factory=lambda: Client(SERVER_NAME=HOST))
    browser: requests.Session = field(default_factory=requests.Session)

    def leave(self, after: str = "") -> str:
        """Click the button on our page, and return where it leads."""
        return self.client.post("/sign-in/provider/", {"next": after}).context["address"]

    def agree(self, address: str, action: str = "grant") -> str:
        """Sign in at the provider, answer its question, and return where that leads."""
        page = self.browser.get(address)
        if "/who/" in page.url:
            page = self.browser.post(page.url, self._form(name=self.name))
        asked = _hidden(page.text, "request")
        form = self._form(request=asked, action=action, scopes=["openid", "profile"])
        at = address.partition("?")[0]
        return self.browser.post(at, form, allow_redirects=False).headers["Location"]

    def come_back(self, address: str) -> HttpResponse:
        parts = urlsplit(address)
        return self.client.get(f"{parts.path}?{parts.query}")

    def sign_in(self, after: str = "") -> HttpResponse:
        return self.come_back(self.agree(self.leave(after)))

    @property
    def is_signed_in(self) -> bool:
        return self.client.get("/session/").json()["is_signed_in"]

    def _form(self, **fields: object) -> dict[str, object]:
        return {**fields, "csrfmiddlewaretoken": self.browser.cookies["provider_csrf"]}


@pytest.fixture
def milo(provider: OidcProvider, db) -> Person:
    return Person("milo")


def question(address: str) -> dict[str, str]:
    """Return the parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def _hidden(page: str, name: str) -> str:
    return page.split(f'name="{name}" value="')[1].split('"')[0]
