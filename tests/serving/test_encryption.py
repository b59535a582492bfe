"""One port for encrypted clients and plain ones, as a room with HTTPS has it, and clients that break off."""

import http.client
import re
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from bench.server.client import wait_until
from ftcml.accounts.models import User
from ftcml.accounts.services.hashing import FewAtATime
from ftcml.core.requests import client_limits
from ftcml.launcher.room import certificate, fingerprint
from tests.factories import PASSWORD
from tests.serving.requests import answer, chunks, form, head, upload_head
from tests.serving.test_slow_clients import is_open

MANY = 2 * client_limits.CONNECTION_THREADS
HEALTH = head("/healthz", method="GET")


@pytest.fixture(scope="session")
def certificate_file(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("room") / "room" / "certificate-and-key.pem"
    certificate.ensure(file, ["127.0.0.1", "localhost"], timezone.now())
    return file


@pytest.fixture
def environment(certificate_file) -> dict[str, str]:
    """As `make share HTTPS=1` tells its web server."""
    address = "https://127.0.0.1:8000"
    return {"FTCML_ROOM_ADDRESSES": address, "FTCML_ROOM_CERTIFICATE": str(certificate_file)}


@pytest.fixture
def trusting(certificate_file) -> ssl.SSLContext:
    """A client that knows the certificate."""
    return ssl.create_default_context(cafile=certificate_file)


@pytest.fixture
def encrypted(connect, trusting) -> Iterator:
    """Open an encrypted connection and send what is given."""
    opened: list[ssl.SSLSocket] = []

    def connected(*pieces: bytes) -> ssl.SSLSocket:
        opened.append(trusting.wrap_socket(connect(), server_hostname="127.0.0.1"))
        for piece in pieces:
            opened[-1].sendall(piece)
        return opened[-1]

    yield connected
    for one in opened:
        one.close()


def page(port: int, trusting: ssl.SSLContext, path: str = "/sign-in/", **headers: str) -> http.client.HTTPResponse:
    client = http.client.HTTPSConnection("127.0.0.1", port, timeout=60, context=trusting)
    client.request("GET", path, headers=headers)
    return client.getresponse()


def is_cut(client: socket.socket) -> bool:
    """Whether the server ends the connection, perhaps with words for a TLS client."""
    try:
        while client.recv(100):
            pass
    except ConnectionResetError:
        return True
    return True


def test_a_client_that_knows_the_certificate_signs_in_with_cookies_that_travel_encrypted_alone(
    port, trusting, coach: User
) -> None:
    hasher = FewAtATime()
    User.objects.filter(pk=coach.pk).update(password=hasher.encode(PASSWORD, hasher.salt()))
    client = http.client.HTTPSConnection("127.0.0.1", port, timeout=60, context=trusting)
    client.request("GET", "/sign-in/")
    form_page = client.getresponse()
    cookie = form_page.headers["Set-Cookie"]
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form_page.read().decode())[1]
    sent = urlencode({"username": coach.username, "password": PASSWORD, "csrfmiddlewaretoken": token})
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": cookie.partition(";")[0],
        "Origin": f"https://127.0.0.1:{port}",
    }
    client.request("POST", "/sign-in/", sent, headers)
    signed_in = client.getresponse()

    assert signed_in.status == 302
    cookies = [cookie, *signed_in.headers.get_all("Set-Cookie")]
    assert {one.partition("=")[0] for one in cookies} == {"__Host-csrftoken", "__Host-sessionid"}
    assert all("; Secure" in one for one in cookies)
    assert signed_in.headers["Strict-Transport-Security"] is None, "which would let no one past the browser's warning"


def test_a_plain_client_gets_the_page_that_explains_and_leads_to_the_encrypted_address(
    port, connect, certificate_file
) -> None:
    status, body = answer(connect(head("/models/?label=cone", "X-Forwarded-Proto: https", method="GET")))
    shown = body.decode()

    assert status == 403
    assert 'href="https://127.0.0.1/models/?label=cone"' in shown
    assert all(line in shown for line in fingerprint.lines(certificate_file))
    for words in ("ChromeOS", "Firefox", "Safari"):
        assert words in shown
    sent = answer(connect(head("/sign-in/", "Content-Length: 9"), b"username="))
    assert (sent[0], 'href="https://127.0.0.1/"' in sent[1].decode()) == (403, True)
    by_api = answer(connect(head("/api/v1/team/", method="GET")))
    assert (by_api[0], b"https://" in by_api[1]) == (403, True)
    assert answer(connect(head("/static/css/page.css", method="GET")))[0] == 200
    assert answer(connect(head("/", method="GET").replace(b"Host: 127.0.0.1", b"Host: evil.example")))[0] == 400


def test_the_port_speaks_tls_1_2_and_newer(port, certificate_file) -> None:
    old = ssl.create_default_context(cafile=certificate_file)
    old.set_ciphers("DEFAULT:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(ssl.SSLError), socket.create_connection(("127.0.0.1", port), 60) as client:
        old.wrap_socket(client, server_hostname="127.0.0.1")
    of_2008 = ssl.create_default_context(cafile=certificate_file)
    of_2008.maximum_version = ssl.TLSVersion.TLSv1_2
    assert page(port, of_2008).status == 200


@pytest.mark.parametrize(
    "beginning",
    [b"", b"\x16", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"],
    ids=["nothing", "one byte of a handshake", "a part of a handshake"],
)
def test_handshakes_that_do_not_go_on_cost_no_thread(port, trusting, connect, beginning: bytes) -> None:
    page(port, trusting)
    clients = [connect(beginning) for _ in range(MANY)]
    assert page(port, trusting).status == 200
    assert sum(map(is_open, clients)) > client_limits.CONNECTION_THREADS


def test_what_is_no_handshake_is_cut_at_once_and_the_next_client_is_served(port, trusting, connect) -> None:
    assert all(is_cut(connect(b"\x16\x03\x01\x00\x05hello" * 10)) for _ in range(MANY))
    assert page(port, trusting).status == 200


def test_a_request_that_stops_after_its_handshake_costs_no_thread(port, trusting, encrypted) -> None:
    clients = [encrypted(HEALTH[:-1]) for _ in range(client_limits.CONNECTION_THREADS + 10)]
    assert page(port, trusting).status == 200
    clients[-1].sendall(HEALTH[-1:])
    assert answer(clients[-1])[0] == 200


def test_what_is_sent_behind_a_request_is_the_next_one_also_in_one_record(encrypted) -> None:
    client = encrypted(HEALTH + HEALTH + HEALTH[:10])
    assert [answer(client)[0] for _ in range(2)] == [200, 200]
    client.sendall(HEALTH[10:])
    assert answer(client)[0] == 200


def test_uploads_and_downloads_arrive_whole(port, trusting, encrypted, token: str, spooled) -> None:
    body = form(bytes(3_000_000), description="three million zeros")
    for length, sent in ((len(body), body), (None, chunks(body))):
        status, words = answer(encrypted(upload_head(length, token), sent))
        assert (status, b"zip" in words) == (400, True), "read to its end, and no zip file"
    wait_until(spooled, lambda files: not files, 20)
    large = page(port, trusting, "/static/litert/core/wasm/litert_wasm_internal.wasm")
    assert len(large.read()) == int(large.headers["Content-Length"])
