import pytest
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from ftcml.accounts.models import Team, User
from tests.factories import PASSWORD, DatasetFactory, MembershipFactory, UserFactory
from tests.pages.conftest import sign_in, sign_out


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet() -> None:
    cache.clear()


def _fill_in(page: Page, name: str, password: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


@pytest.mark.browser
def test_signing_in_leads_to_the_videos_and_signing_out_back(visitor: BrowserContext, member: User) -> None:
    page = visitor.new_page()
    _fill_in(page, member.username, PASSWORD)
    expect(page.get_by_text("Hello, milo")).to_be_visible()
    expect(page.get_by_text("Team 7001")).to_be_visible()
    expect(page.get_by_role("link", name="Videos")).to_have_attribute("aria-current", "page")
    sign_out(page)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.browser
def test_a_wrong_password_is_explained(visitor: BrowserContext, member: User) -> None:
    page = visitor.new_page()
    _fill_in(page, member.username, "wrong")
    expect(page.get_by_role("alert")).to_contain_text("don't match")
    expect(page.get_by_label("User name")).to_have_value(member.username)


@pytest.mark.browser
def test_another_team_is_one_click_away(visitor: BrowserContext, member: User, live_server) -> None:
    second = MembershipFactory(user=member, team__number=8123).team
    DatasetFactory(team=second, description="cones of 8123")
    sign_in(visitor, member, live_server.url)
    page = visitor.new_page()
    page.goto("/datasets/")
    expect(page.get_by_text("cones of 8123")).to_be_hidden()
    page.locator("summary", has_text="Team 7001").click()
    page.get_by_role("button", name="Team 8123").click()
    expect(page.get_by_text("cones of 8123")).to_be_visible()


@pytest.mark.browser
def test_a_person_without_a_team_learns_what_to_do(visitor: BrowserContext, transactional_db, live_server) -> None:
    sign_in(visitor, UserFactory(username="lone"), live_server.url)
    page = visitor.new_page()
    page.goto("/")
    expect(page.get_by_role("heading")).to_have_text("You aren't on a team yet")
    expect(page.get_by_text("Ask your coach")).to_be_visible()


def test_only_a_team_of_ones_own_can_be_chosen(member_client: Client, outsider: User) -> None:
    foreign = outsider.memberships.get().team
    assert member_client.post("/choose-team/", {"team": foreign.pk}).status_code == 404
    assert member_client.post("/choose-team/", {"team": "none"}).status_code == 404


def test_the_logo_leads_back_to_the_last_tab(member_client: Client, team: Team) -> None:
    assert member_client.get("/").url == "/videos/"
    DatasetFactory(team=team)
    assert member_client.get("/").url == "/datasets/", "where the team has something"
    member_client.get("/models/")
    assert member_client.get("/").url == "/models/"


def test_guessing_passwords_is_slowed_for_that_name_alone(client: Client, member: User, coach: User) -> None:
    wrong = {"username": member.username, "password": "guess"}
    answers = [client.post("/sign-in/", wrong).status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]
    slowed = client.post("/sign-in/", wrong)
    assert "Too many wrong passwords" in slowed.content.decode()
    right = {"username": coach.username, "password": PASSWORD}
    assert client.post("/sign-in/", right).status_code == 302


def test_an_operator_signs_in_to_the_admin_where_everybody_does(client: Client, operator: User, member: User) -> None:
    """There alone a password is tried, and guessing slowed down."""
    asked = client.get("/admin/", follow=True)
    assert asked.redirect_chain[-1][0].startswith("/sign-in/?next=/admin/login/")
    answer = client.post(
        asked.redirect_chain[-1][0], {"username": operator.username, "password": PASSWORD}, follow=True
    )
    assert (answer.request["PATH_INFO"], answer.status_code) == ("/admin/", 200)
    client.force_login(member)
    assert client.get("/admin/", follow=True).status_code == 404
