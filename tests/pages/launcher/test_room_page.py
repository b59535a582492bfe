"""A laptop that serves a room: the page to project, the line on every page, and what is said at a wrong address."""

import cv2
import numpy as np
import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, expect

from ftcml.accounts.models import ApiToken, User
from ftcml.launcher.room import certificate, fingerprint, own_addresses
from tests.factories import PASSWORD
from tests.pages.conftest import place_of, scrolls_sideways, serious_problems, sign_in

BEST, OTHER = "http://192.168.1.20:8000", "http://a-laptop-with-a-rather-long-name.local:8000"
PART = {"HX-Request": "true"}


@pytest.fixture
def _room(settings) -> None:
    """As `make share` sets it where a person has named the addresses."""
    settings.ROOM_HOSTS = ["192.168.1.20", "a-laptop-with-a-rather-long-name.local"]
    settings.ROOM_ADDRESSES = [BEST, OTHER]


@pytest.fixture
def _nobody_has_tried_yet() -> None:
    cache.clear()


def read_code(png: bytes) -> str:
    """What a phone's camera would read in the picture."""
    picture = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE)
    return cv2.QRCodeDetector().detectAndDecode(picture)[0]


@pytest.mark.browser
@pytest.mark.usefixtures("_room")
def test_a_coach_projects_the_address_and_its_code(visitor: BrowserContext, coach: User, live_server) -> None:
    sign_in(visitor, coach, live_server.url)
    page = visitor.new_page()
    page.goto("/datasets/")
    page.get_by_role("link", name="Room").click()

    expect(page.get_by_text(BEST, exact=True)).to_be_visible()
    expect(page.get_by_text(OTHER)).to_be_visible()
    code = page.get_by_role("img", name=f"QR code of {BEST}")
    place = place_of(code)
    assert place["width"] == place["height"] > 300
    assert place["y"] + place["height"] < 720  # all of it, without scrolling
    assert read_code(code.screenshot()) == BEST
    assert serious_problems(page) == []
    for width, height in ((1280, 720), (640, 360)):
        page.set_viewport_size({"width": width, "height": height})
        assert not scrolls_sideways(page)


@pytest.mark.browser
@pytest.mark.usefixtures("_room")
def test_what_is_projected_follows_the_server(visitor: BrowserContext, coach: User, live_server, settings) -> None:
    sign_in(visitor, coach, live_server.url)
    page = visitor.new_page()
    page.clock.install()
    page.goto("/room/")
    expect(page.get_by_text(BEST, exact=True)).to_be_visible()
    for address in ("http://10.0.0.5:8000", "http://10.0.0.6:8000"):
        settings.ROOM_ADDRESSES = [address]
        page.clock.fast_forward(20_000)
        expect(page.get_by_text(address)).to_be_visible()


@pytest.mark.usefixtures("_room", "db")
def test_a_room_with_https_shows_the_fingerprint_and_explains_the_warning(
    settings, tmp_path, client: Client, coach_client: Client
) -> None:
    file = tmp_path / "certificate-and-key.pem"
    certificate.ensure(file, ["192.168.1.20"], timezone.now())
    settings.ROOM_CERTIFICATE, settings.ROOM_ADDRESSES = str(file), [BEST.replace("http", "https")]

    for page in (coach_client.get("/room/", secure=True), client.get("/room/warning/", secure=True)):
        shown = page.content.decode()
        assert all(line in shown for line in fingerprint.lines(file))
        assert "https://192.168.1.20:8000" in shown
        assert "Not encrypted" not in shown
    assert client.get("/sign-in/").status_code == 403, "plain HTTP leads to the same page"


@pytest.mark.usefixtures("_room")
def test_a_room_without_https_has_no_page_about_a_warning(client: Client, db) -> None:
    assert client.get("/room/warning/").status_code == 404


@pytest.mark.usefixtures("_room")
def test_coaches_and_operators_may_project_it(coach_client: Client, operator_client: Client) -> None:
    for client in (coach_client, operator_client):
        assert BEST in client.get("/room/").content.decode()


@pytest.mark.usefixtures("_room")
def test_for_members_there_is_no_such_page_and_no_link_to_it(member_client: Client) -> None:
    assert member_client.get("/room/").status_code == 404
    assert "/room/" not in member_client.get("/datasets/").content.decode()


@pytest.mark.usefixtures("_room", "db")
def test_who_is_not_signed_in_is_asked_to(client: Client) -> None:
    assert client.get("/room/").url == "/sign-in/?next=/room/"
    assert client.get("/room/", headers=PART).status_code == 401


def test_a_server_that_serves_no_room_has_no_such_page_and_no_such_line(coach_client: Client) -> None:
    assert coach_client.get("/room/").status_code == 404
    page = coach_client.get("/datasets/").content.decode()
    assert "/room/" not in page
    assert "Not encrypted" not in page


@pytest.mark.usefixtures("_room")
def test_every_page_says_that_this_is_for_a_trusted_room(client: Client, member_client: Client) -> None:
    for page in (client.get("/sign-in/"), member_client.get("/models/"), member_client.get("/nothing/")):
        assert "Not encrypted" in page.content.decode()


def test_the_page_says_when_the_laptop_is_elsewhere(settings, coach_client: Client) -> None:
    here = [f"http://{own.host}:8000" for own in own_addresses.found()]
    settings.ROOM_ADDRESSES = [*here, "http://laptop.local:8000"]
    assert "has changed" not in coach_client.get("/room/").content.decode()

    settings.ROOM_ADDRESSES = ["http://10.255.255.254:8000"]
    assert "it was at 10.255.255.254" in coach_client.get("/room/").content.decode()


@pytest.mark.usefixtures("_room", "db")
def test_a_wrong_address_says_what_to_do_and_has_no_link_that_leads_to_it_again(client: Client, settings) -> None:
    settings.ALLOWED_HOSTS = ["192.168.1.20"]
    answer = client.get("/", headers={"Host": "10.0.0.9:8000"})

    assert answer.status_code == 400
    assert "Ask your coach for it." in answer.content.decode()
    assert "Go to Your Tab" not in answer.content.decode()


def test_elsewhere_a_wrong_address_is_for_the_operator(client: Client, db, settings) -> None:
    settings.ALLOWED_HOSTS = ["robots.example"]
    assert "ALLOWED_HOSTS" in client.get("/", headers={"Host": "evil.example"}).content.decode()


@pytest.mark.usefixtures("_nobody_has_tried_yet")
def test_an_account_that_is_closed_is_out_at_once_and_comes_back(settings, client: Client, member: User) -> None:
    client.force_login(member)
    token = {"Authorization": f"Token {ApiToken.issue(member.memberships.get())}"}
    settings.CLOSED_ACCOUNTS = [member.username]

    assert client.get("/datasets/").url.startswith("/sign-in/")
    assert Client().get("/api/v1/team/", headers=token).status_code == 401
    refused = Client().post("/sign-in/", {"username": member.username, "password": PASSWORD})
    assert "This account is closed" in refused.content.decode()

    settings.CLOSED_ACCOUNTS = []
    assert client.get("/datasets/").status_code == 200
    assert Client().get("/api/v1/team/", headers=token).status_code == 200


@pytest.mark.usefixtures("_nobody_has_tried_yet")
def test_a_room_behind_one_address_is_not_locked_by_one_of_them(client: Client, member: User, coach: User) -> None:
    wrong = {"username": member.username, "password": "guess"}
    assert [client.post("/sign-in/", wrong).status_code for _ in range(11)][-1] == 429

    right = {"username": coach.username, "password": PASSWORD}
    assert Client().post("/sign-in/", right).status_code == 302
    elsewhere = {"REMOTE_ADDR": "192.168.1.31"}
    right = {"username": member.username, "password": PASSWORD}
    assert Client(**elsewhere).post("/sign-in/", right).status_code == 302


@pytest.mark.usefixtures("_nobody_has_tried_yet")
def test_who_names_another_address_in_a_header_is_slowed_all_the_same(client: Client, member: User) -> None:
    wrong = {"username": member.username, "password": "guess"}
    said_to_be = [{"X-Forwarded-For": f"10.0.0.{number}"} for number in range(11)]
    assert [client.post("/sign-in/", wrong, headers=header).status_code for header in said_to_be][-1] == 429
