"""A person lists, makes and revokes the tokens of the own programs; they end by themselves, and with the password."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from ftcml.accounts import tasks
from ftcml.accounts.models import ApiToken, User
from ftcml.accounts.services import api_tokens
from tests import clocks
from tests.factories import PASSWORD
from tests.pages.conftest import scrolls_sideways, serious_problems

pytestmark = pytest.mark.django_db

NEW = "blue robots climb"


def status_with(key: str) -> int:
    return Client(headers={"Authorization": f"Token {key}"}).get("/api/v1/team/").status_code


@pytest.fixture
def key(member: User) -> str:
    return ApiToken.issue(member.memberships.get(), "upload script")


@pytest.mark.browser
def test_a_token_is_made_used_and_revoked(page: Page, live_server) -> None:
    page.goto("/people/")
    page.locator(".account-menu summary").click()
    page.get_by_role("link", name="API Tokens").click()
    expect(page.get_by_text("No tokens yet")).to_be_visible()
    page.get_by_role("button", name="Make Token").click()
    page.get_by_label("Name").fill("upload script")
    page.get_by_role("dialog").get_by_role("button", name="Make Token").click()
    key = page.get_by_role("dialog").locator("#token").inner_text()
    assert serious_problems(page) == []
    page.keyboard.press("Escape")
    question = page.get_by_role("alertdialog")
    expect(question).to_contain_text("You can't see this token again")
    question.get_by_role("button", name="Stay").click()
    page.get_by_role("button", name="Done").click()
    row = page.get_by_role("row", name="upload script")
    expect(row).to_contain_text("never")
    assert status_with(key) == 200
    page.reload()
    expect(row).not_to_contain_text("never")
    assert serious_problems(page) == []
    assert not scrolls_sideways(page)
    row.get_by_role("button", name="Revoke upload script").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke Token").click()
    expect(row).to_have_count(0)
    assert status_with(key) == 401


def test_a_token_ends_when_it_is_not_used_for_long(key: str, settings) -> None:
    ApiToken.objects.update(expires=timezone.now() + timedelta(minutes=1))
    assert status_with(key) == 200
    left = ApiToken.objects.get().expires - timezone.now()
    assert settings.TOKEN_DAYS - 1 < left.days + 1 <= settings.TOKEN_DAYS
    ApiToken.objects.update(expires=timezone.now())
    assert status_with(key) == 401
    tasks.tidy()
    assert not ApiToken.objects.exists()


@pytest.mark.both_databases
@pytest.mark.parametrize("days", [-120, 120], ids=["behind", "ahead"])
def test_a_machine_with_a_wrong_clock_ends_no_token_and_keeps_none(key: str, monkeypatch, settings, days: int) -> None:
    membership = ApiToken.objects.get().membership
    ended = ApiToken.issue(membership)
    ApiToken.objects.filter(digest=ApiToken.digest_of(ended)).update(expires=timezone.now() - timedelta(seconds=1))
    with monkeypatch.context() as machine:
        clocks.set_wrong(machine, timedelta(days=days))
        assert (status_with(key), status_with(ended)) == (200, 401)
        made = api_tokens.make(membership)
        assert len(api_tokens.of(membership.user)) == 2
        tasks.tidy()
    for expires in (ApiToken.objects.get(digest=ApiToken.digest_of(each)).expires for each in (key, made)):
        assert abs(expires - timezone.now() - timedelta(days=settings.TOKEN_DAYS)) < timedelta(minutes=1)
    assert ApiToken.objects.count() == 2


def test_a_program_that_asks_all_the_time_writes_once_a_minute(key: str, django_assert_num_queries) -> None:
    status_with(key)
    with django_assert_num_queries(1):
        api_tokens.use(key)


def by_the_own_page(user: User) -> None:
    client = Client()
    client.force_login(user)
    client.post("/password/", {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW})
    assert client.get("/people/").status_code == 200, "the own session goes on"


def by_the_coach(user: User, coach: User) -> None:
    client = Client()
    client.force_login(coach)
    client.post(f"/people/{user.memberships.get().pk}/password/")


def by_an_operator(user: User, is_usable: str = "true") -> None:
    form = AdminPasswordChangeForm(user, {"password1": NEW, "password2": NEW, "usable_password": is_usable})
    assert form.is_valid(), form.errors
    form.save()


def by_command(user: User, monkeypatch) -> None:
    monkeypatch.setattr("getpass.getpass", lambda prompt: NEW)
    call_command("changepassword", user.username, stdout=StringIO())


@pytest.mark.parametrize("way", ["own page", "coach", "operator", "operator takes it away", "command"])
def test_a_new_password_ends_tokens_and_sessions(way: str, key: str, member: User, coach: User, monkeypatch) -> None:
    elsewhere = Client()
    elsewhere.force_login(member)
    match way:
        case "own page":
            by_the_own_page(member)
        case "coach":
            by_the_coach(member, coach)
        case "operator":
            by_an_operator(member)
        case "operator takes it away":
            by_an_operator(member, is_usable="false")
        case _:
            by_command(member, monkeypatch)
    assert not Client().login(username=member.username, password=PASSWORD)
    assert status_with(key) == 401
    assert elsewhere.get("/people/").status_code == 302


def test_signing_in_ends_no_token_also_when_the_hash_is_made_anew(key: str, member: User, settings) -> None:
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.ScryptPasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    before = member.password
    assert Client().login(username=member.username, password=PASSWORD)
    member.refresh_from_db()
    assert member.password != before
    assert status_with(key) == 200


def test_another_persons_token_is_not_there(coach_client: Client, key: str) -> None:
    token = ApiToken.objects.get()
    assert coach_client.post(f"/tokens/{token.pk}/revoke/").status_code == 404
    assert "upload script" not in coach_client.get("/tokens/").content.decode()
    assert status_with(key) == 200


def test_tokens_are_not_made_without_end(member_client: Client, member: User, monkeypatch) -> None:
    monkeypatch.setattr(api_tokens, "MOST", 2)
    answers = [member_client.post("/tokens/add/", {"name": "script"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 422]
    body = {"username": member.username, "password": PASSWORD, "name": "script"}
    answer = Client().post("/api/v1/token/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["detail"][:8]) == (400, "You have")


@pytest.mark.parametrize("name", ["", "a\0b", "x" * 101], ids=["none", "NUL", "long"])
def test_a_name_that_cannot_be_stored_is_refused(member_client: Client, name: str) -> None:
    assert member_client.post("/tokens/add/", {"name": name}).status_code == 422
    assert member_client.post("/tokens/add/").status_code == 422
    assert not ApiToken.objects.exists()


def test_the_api_names_a_token_and_says_when_it_ends(member: User) -> None:
    body = {"username": member.username, "password": PASSWORD, "name": "pit laptop"}
    answer = Client().post("/api/v1/token/", body, content_type="application/json").json()
    assert ApiToken.objects.get().name == "pit laptop"
    assert answer["expires"].startswith(f"{ApiToken.objects.get().expires:%Y-%m-%dT%H:%M}")
