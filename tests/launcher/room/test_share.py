"""`make share` as the coach and the room see it: a real server, opened by its address in the network."""

import json
import os
import pty
import re
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from http.cookiejar import CookieJar
from ipaddress import IPv4Interface

import pytest

from bench.server.client import ApiError, Client
from bench.server.local_server import ROOT, LocalServer
from ftcml.launcher.address import Address
from ftcml.launcher.refusals import CannotStart
from ftcml.launcher.room import own_addresses
from ftcml.launcher.room.own_addresses import OwnAddress
from ftcml.launcher.room.share import Room, environment, if_it_cannot_be_opened

pytestmark = pytest.mark.broker

PASSWORD = "correct horse battery"
# Where a machine is in no network, the room is this machine by another of its own addresses.
NAMED = {} if own_addresses.found() else {"FTCML_ROOM_HOSTS": "127.0.0.2"}
HOST = NAMED.get("FTCML_ROOM_HOSTS") or own_addresses.found()[0].host
# Made by `make run`, before the coach shares the same data.
DEMO = """from django.core.management import call_command; call_command("migrate", verbosity=0)
from ftcml.launcher import demo; demo.create_accounts()"""
ASK = "from ftcml.launcher.room import first_coach; first_coach.ensure(first_coach.Terminal(), print)"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> LocalServer:
    """Not started yet; its data folder is that of an earlier `make run`."""
    server = LocalServer(tmp_path_factory.mktemp("share") / "data", "share", **NAMED)
    server.manage("shell", "--verbosity", "0", "--command", DEMO)
    return server


@pytest.fixture(scope="module")
def dialog(server: LocalServer) -> str:
    """What a terminal showed while the first coach was asked for."""
    command = [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", ASK]
    answers = ["carla", "7001", "Robo Raccoons", PASSWORD, "a slip", "carla", "7001", "", PASSWORD, PASSWORD]
    return converse(command, server.environment, answers)


@pytest.fixture(scope="module")
def room(server: LocalServer, dialog: str) -> Iterator[LocalServer]:
    with server:
        yield server


def converse(command: list[str], environment: dict[str, str], answers: list[str]) -> str:
    """Run a command on a terminal of its own, give one answer to each question, and return what stands there then."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(ROOT)
        os.execve(command[0], command, environment)
    said, left = "", list(answers)
    with suppress(OSError):  # the terminal is gone with the command
        while piece := os.read(terminal, 1000):
            said += piece.decode()
            if left and said.endswith(": "):
                os.write(terminal, f"{left.pop(0)}\n".encode())
    os.close(terminal)
    assert os.waitpid(child, 0)[1] == 0, said
    return said


class Chromebook:
    """A browser without scripts, which keeps cookies as one does."""

    def __init__(self, server: LocalServer) -> None:
        self.url, self.cookies = f"http://{HOST}:{server.port}", CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def open(self, path: str, form: dict[str, str] | None = None, **headers: str) -> tuple[int, str]:
        """Status and text of the answer."""
        body = urllib.parse.urlencode(form).encode() if form else None
        request = urllib.request.Request(self.url + path, body, headers)
        try:
            with self._opener.open(request, timeout=30) as answer:
                self.headers = answer.headers
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read().decode()

    def sign_in(self, name: str, password: str) -> str:
        """The page that follows. What a form sends along as its origin is this address."""
        _, page = self.open("/sign-in/")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        form = {"username": name, "password": password, "csrfmiddlewaretoken": token}
        return self.open("/sign-in/", form, Origin=self.url)[1]


def test_the_first_coach_is_asked_for_until_the_answers_are_good_and_no_password_is_shown(dialog):
    assert "No coach can sign in yet" in dialog
    assert "The two passwords differ. Try again:" in dialog
    assert PASSWORD not in dialog


def test_the_coach_is_told_what_to_open_and_for_whom_it_is(room):
    assert f"http://{HOST}:{room.port}" in room.said
    assert "Only share in a room you trust" in room.said
    assert "The demo accounts are closed while you share" in room.said


def test_the_coach_signs_in_by_the_networks_address_over_plain_http(room):
    chromebook = Chromebook(room)

    page = chromebook.sign_in("carla", PASSWORD)

    assert "Hello, carla" in page
    assert {cookie.name: cookie.secure for cookie in chromebook.cookies} == {"csrftoken": False, "sessionid": False}
    assert chromebook.headers["Strict-Transport-Security"] is None
    assert "Not encrypted" in page


def test_the_rooms_page_shows_the_address_and_its_code(room):
    chromebook = Chromebook(room)
    chromebook.sign_in("carla", PASSWORD)

    _, page = chromebook.open("/room/")

    assert chromebook.url in page
    assert 'src="data:image/svg+xml' in page


def test_the_demo_accounts_do_not_work_and_the_page_says_why(room):
    name, password = room.demo_account()

    assert "This account is closed while this server is shared" in Chromebook(room).sign_in(name, password)
    with pytest.raises(ApiError, match="token/: 400"):
        Client(room.url, name, password)


@pytest.mark.parametrize("host", ["evil.example", "10.255.255.254"])
def test_any_other_address_is_refused_with_words(room, host):
    status, page = Chromebook(room).open("/", Host=host)

    assert status == 400
    assert "Ask your coach for it." in page
    assert "Traceback" not in page


def test_ctrl_c_ends_it_and_says_so(room):
    assert room.stop() == []
    assert "Stopped." in room.said


SHOW = """import json; from django.conf import settings as s; print(json.dumps({name: getattr(s, name) for name in (
"ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "DEBUG", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS",
"SECURE_SSL_REDIRECT", "CLOSED_ACCOUNTS")}))"""


def settings_of(data, **variables: str) -> dict[str, object]:
    """What a process with these variables goes by."""
    return json.loads(LocalServer(data, **variables).manage("shell", "--verbosity", "0", "--command", SHOW))


def test_a_room_is_open_at_its_own_addresses_alone_whatever_was_set_before(tmp_path):
    before = {"ALLOWED_HOSTS": "*", "CSRF_TRUSTED_ORIGINS": "http://evil.example", "DEBUG": "1"}
    addresses = [Address("192.168.1.20", 8000), Address("laptop.local", 8000)]

    assert settings_of(tmp_path / "data", **{**before, **environment(addresses)}) == {
        "ALLOWED_HOSTS": ["localhost", "127.0.0.1", "192.168.1.20", "laptop.local"],
        "CSRF_TRUSTED_ORIGINS": ["http://192.168.1.20:8000", "http://laptop.local:8000"],
        "DEBUG": False,
        "SESSION_COOKIE_SECURE": False,
        "CSRF_COOKIE_SECURE": False,
        "SECURE_HSTS_SECONDS": 0,
        "SECURE_SSL_REDIRECT": False,
        "CLOSED_ACCOUNTS": ["demo-coach", "demo-member"],
    }


def test_a_room_with_https_has_cookies_for_it_and_asks_no_browser_to_remember(tmp_path):
    addresses = [Address("192.168.1.20", 8000, tmp_path / "certificate-and-key.pem")]

    found = settings_of(tmp_path / "data", **environment(addresses))

    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://192.168.1.20:8000"]
    assert found["SESSION_COOKIE_SECURE"] is found["CSRF_COOKIE_SECURE"] is True
    assert (found["SECURE_HSTS_SECONDS"], found["SECURE_SSL_REDIRECT"]) == (0, False)


def test_a_server_behind_https_keeps_its_settings(tmp_path, settings):
    found = settings_of(tmp_path / "data", FTCML_HTTPS="1")
    assert found["SESSION_COOKIE_SECURE"] is found["CSRF_COOKIE_SECURE"] is found["SECURE_SSL_REDIRECT"] is True
    assert found["SECURE_HSTS_SECONDS"] > 0

    settings.HTTPS = True
    with pytest.raises(CannotStart, match="HTTPS=1 without FTCML_HTTPS"):
        Room()


@pytest.mark.parametrize("host", ["*", ".example.org", "http://192.168.1.20", "192.168.1.20:8000", "a b"])
def test_a_name_that_could_let_in_more_than_itself_is_refused(settings, host):
    settings.ROOM_HOSTS = [host]
    with pytest.raises(CannotStart, match="isn't a name or address"):
        Room()


def test_addresses_that_a_person_names_are_taken_as_they_are(settings):
    settings.ROOM_HOSTS = ["192.168.1.20", "laptop.local"]
    assert [address.host for address in Room().addresses] == settings.ROOM_HOSTS


def test_the_firewall_that_this_machine_has_is_opened_to_the_rooms_network_alone(tmp_path, monkeypatch):
    own = [OwnAddress("wlan0", IPv4Interface("192.168.1.20/24"))]
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "sudo" not in "".join(if_it_cannot_be_opened(8000, own))

    (tmp_path / "ufw").touch(mode=0o755)
    assert "sudo ufw allow proto tcp from 192.168.1.0/24 to any port 8000" in "".join(if_it_cannot_be_opened(8000, own))


def test_without_a_network_one_sentence_says_what_to_do(settings, monkeypatch):
    monkeypatch.setattr(own_addresses, "found", list)
    with pytest.raises(CannotStart, match="isn't on a network that Chromebooks can join"):
        Room()
