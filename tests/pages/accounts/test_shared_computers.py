"""Students share Chromebooks: what one has seen, the next one must not see."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from ftcml.accounts import tasks
from ftcml.accounts.models import User
from tests import clocks
from tests.factories import PASSWORD, DatasetFactory
from tests.pages.conftest import sign_out

pytestmark = pytest.mark.django_db


def sign_in(client: Client, user: User, **more: str) -> HttpResponse:
    return client.post("/sign-in/", {"username": user.username, "password": PASSWORD, **more})


def fill_in(page: Page, user: User, keep: bool = False) -> None:
    page.goto("/sign-in/")
    page.get_by_label("User name").fill(user.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Keep me signed in").set_checked(keep)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text(f"Hello, {user.username}")).to_be_visible()


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["visitor", "ordinary"])
def test_back_after_signing_out_shows_nothing_of_before(kind: str, request, live_server, member: User) -> None:
    page = request.getfixturevalue(kind).new_page()
    fill_in(page, member)
    page.goto("/people/")
    sign_out(page)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    for _ in range(2):
        page.go_back()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        expect(page.get_by_text(member.username)).to_have_count(0)


@pytest.mark.browser
def test_the_cookie_ends_with_the_browser_unless_one_asks_to_be_kept(visitor: BrowserContext, member: User) -> None:
    def end() -> float:
        return next(cookie["expires"] for cookie in visitor.cookies() if cookie["name"] == settings.SESSION_COOKIE_NAME)

    page = visitor.new_page()
    fill_in(page, member)
    assert end() == -1
    sign_out(page)
    fill_in(page, member, keep=True)
    assert timedelta(days=13) < timedelta(seconds=end() - timezone.now().timestamp()) <= timedelta(days=14)


@pytest.mark.parametrize(
    "name", ["people", "datasets", "dataset-table", "models", "help", "tokens", "member-add", "api-team"]
)
def test_nothing_that_a_person_sees_is_kept_by_the_browser(coach_client: Client, name: str) -> None:
    answer = coach_client.get(reverse(name))
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_page_of_one_dataset_is_not_kept_either(member_client: Client, team) -> None:
    answer = member_client.get(f"/datasets/{DatasetFactory(team=team).pk}/")
    assert "no-store" in answer.headers["Cache-Control"]
    assert "no-store" in member_client.get("/nowhere/").headers["Cache-Control"]


def test_a_session_that_a_browser_brings_back_ends_after_a_day(client: Client, member: User) -> None:
    sign_in(client, member)
    assert Session.objects.get().expire_date - timezone.now() < timedelta(days=1)
    client.logout()
    sign_in(client, member, keep="on")
    assert timedelta(days=13) < Session.objects.get().expire_date - timezone.now() < timedelta(days=15)


def test_sessions_that_have_ended_are_tidied_away(client: Client, member: User) -> None:
    sign_in(client, member)
    sign_in(Client(), member)
    Session.objects.filter(pk=client.session.session_key).update(expire_date=timezone.now())
    tasks.tidy()
    assert Session.objects.count() == 1
    assert "ftcml.accounts.tasks.tidy" in [entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()]


@pytest.mark.both_databases
def test_a_machine_whose_clock_is_ahead_signs_nobody_out(client: Client, member: User, monkeypatch) -> None:
    sign_in(client, member, keep="on")
    clocks.set_wrong(monkeypatch, timedelta(days=120))
    tasks.tidy()
    assert Session.objects.exists()
