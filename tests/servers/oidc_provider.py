"""A real OpenID Connect provider as a process of its own: allauth's, with two people and one client.

`python -m tests.servers.oidc_provider FOLDER PORT` serves until it's ended. What FOLDER/claims.json says is put over
the claims that it would send, so that a test can have it lie.
"""

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from urllib.request import urlopen
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.processes import free_port

CLIENT, CLIENT_SECRET = "ftcml", "a secret that only tests know"
PEOPLE = ("milo", "zoe")
_KEY, _CLAIMS, _DATABASE = "key.pem", "claims.json", "db.sqlite3"


@dataclass(frozen=True)
class OidcProvider:
    """One that runs. `issuer` is its address too."""

    issuer: str
    folder: Path

    def say(self, id_token: dict[str, Any] | None = None, userinfo: dict[str, Any] | None = None) -> None:
        """Have it put these claims over its own from now on; None takes one away."""
        said = {"id_token": id_token or {}, "userinfo": userinfo or {}}
        (self.folder / _CLAIMS).write_text(json.dumps(said))

    def knows(self, *addresses: str) -> None:
        """Have it send people back to these addresses."""
        with closing(sqlite3.connect(self.folder / _DATABASE, timeout=20)) as database, database:
            database.execute("UPDATE allauth_idp_oidc_client SET redirect_uris = ?", ["\n".join(addresses)])

    def signed(self, claims: dict[str, Any], key: str = "") -> str:
        """Return a token of these claims, signed with the provider's key, or with another one."""
        with urlopen(f"{self.issuer}/.well-known/jwks.json") as answer:
            name = json.load(answer)["keys"][0]["kid"]
        return jwt.encode(claims, key or (self.folder / _KEY).read_text(), algorithm="RS256", headers={"kid": name})

    def logout_token(self, **claims: Any) -> str:
        now = int(time.time())
        events = {"http://schemas.openid.net/event/backchannel-logout": {}}
        whole = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 120, "jti": str(now), "events": events}
        return self.signed({**whole, **claims})


def fresh_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


@contextmanager
def running(folder: Path) -> Iterator[OidcProvider]:
    """Have a provider run."""
    (folder / _KEY).write_text(fresh_key())
    provider = OidcProvider(f"http://127.0.0.1:{free_port()}", folder)
    provider.say()
    port = provider.issuer.rpartition(":")[2]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.servers.oidc_provider", str(folder), port], stdout=subprocess.PIPE
    )
    try:
        assert process.stdout
        assert process.stdout.readline(), "The provider ended before it served."
        yield provider
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="session")
def oidc_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OidcProvider]:
    with running(tmp_path_factory.mktemp("provider")) as provider:
        yield provider


# --- inside the process ---------------------------------------------------------------------------


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


def _configure(folder: Path) -> None:
    from django.conf import settings

    settings.configure(
        SECRET_KEY="only tests know this one, and it is as long as it must be",
        ALLOWED_HOSTS=["127.0.0.1"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / _DATABASE)}},
        INSTALLED_APPS=[
            *(f"django.contrib.{app}" for app in ("auth", "contenttypes", "sessions", "messages")),
            *("allauth", "allauth.account", "allauth.idp.oidc"),
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "allauth.account.middleware.AccountMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        f"django.{name}"
                        for name in (
                            "template.context_processors.request",
                            "contrib.auth.context_processors.auth",
                            "contrib.messages.context_processors.messages",
                        )
                    ]
                },
            }
        ],
        ROOT_URLCONF="tests.servers.oidc_addresses",
        LOGIN_URL="/who/",
        SESSION_COOKIE_NAME="provider_session",  # a browser sends the cookies of one machine to all of its ports
        CSRF_COOKIE_NAME="provider_csrf",
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        IDP_OIDC_PRIVATE_KEY=(folder / _KEY).read_text(),
        IDP_OIDC_ADAPTER="tests.servers.oidc_addresses.Adapter",
        IDP_OIDC_RP_INITIATED_LOGOUT_ASKS_FOR_OP_LOGOUT=False,
        PROVIDER_CLAIMS=folder / _CLAIMS,
        USE_TZ=True,
    )


def _fill() -> None:
    from allauth.idp.oidc.models import Client
    from django.contrib.auth.models import User
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    for name in PEOPLE:
        User.objects.create(username=name, first_name=name.title(), last_name="Jones", email=f"{name}@school.example")
    client = Client(id=CLIENT, name="ftcml", scopes="openid\nprofile\nemail")
    client.set_secret(CLIENT_SECRET)
    client.save()


def _serve(folder: Path, port: int) -> None:
    import django
    from django.core.wsgi import get_wsgi_application

    _configure(folder)
    django.setup()
    _fill()
    with make_server("127.0.0.1", port, get_wsgi_application(), _Server, _Quiet) as server:
        print("serves", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), int(sys.argv[2]))
