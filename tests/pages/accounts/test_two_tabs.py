"""A page acts for the person and the team that it shows, whatever was chosen in another tab meanwhile."""

import re

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from datasets.models import Dataset
from ftcml.accounts.models import Team, User
from ftcml.accounts.pages.page_owner import FIELD, HEADER, PageOwner
from tests.factories import DatasetFactory, MembershipFactory, TrainingJobFactory, UserFactory
from tests.pages.conftest import sign_in
from training.states import JobState

PART = {"HX-Request": "true"}
TEMPLATES = settings.BASE_DIR / "templates"
# Forms that ask for nothing of the page's team, or belong to no team.
OF_NO_TEAM = {
    *("accounts/sign_in.html", "accounts/sign_in_code.html", "accounts/wrong_page.html", "base.html"),
    *("accounts/key_of_mail.html", "accounts/new_password.html"),
    *("parts/account_menu.html", "parts/team_menu.html"),
}


def forms() -> list[tuple[str, str]]:
    """The name of each template with a form that the browser itself sends, and the form."""
    found = []
    for path in TEMPLATES.rglob("*.html"):
        for form in re.findall(r"<form\b.*?</form>", path.read_text(), re.DOTALL):
            if re.search(r'method="post"', form.partition(">")[0], re.IGNORECASE):
                found.append((str(path.relative_to(TEMPLATES)), form))
    return found


def test_every_form_without_a_script_carries_its_page() -> None:
    without = {name for name, form in forms() if f'name="{FIELD}"' not in form}
    assert without == OF_NO_TEAM


@pytest.fixture
def second(member: User) -> Team:
    """Another team of the member."""
    return MembershipFactory(user=member, team__number=8123).team


def switch(user: User, team: Team) -> None:
    """What the menu does in another tab."""
    User.objects.filter(pk=user.pk).update(active_team=team)


def page_of(user: User, team: Team | None) -> dict[str, str]:
    return {HEADER: str(PageOwner(user.pk, team.pk if team else None))}


def test_an_upload_of_another_team_is_refused_before_it_is_read(
    member_client: Client, member: User, team: Team, second: Team, small_zip, monkeypatch
) -> None:
    def read(*args: object) -> None:
        raise AssertionError("the upload was read")

    switch(member, second)
    monkeypatch.setattr("ftcml.core.files.uploads.SizeGuard.receive_data_chunk", read)
    with small_zip.open("rb") as upload:
        form = {"upload": upload, "description": "cones", "eval_percent": 20}
        answer = member_client.post("/datasets/import/", form, headers={**PART, **page_of(member, team)})
    assert (answer.status_code, answer["X-Notice"]) == (409, "1")
    assert "You switched to Team 8123 in another tab." in answer.content.decode()


def test_a_form_without_a_script_is_refused_with_a_page(member_client: Client, member: User, team: Team) -> None:
    other = UserFactory()
    form = {"old_password": "x", FIELD: str(PageOwner(other.pk, team.pk))}
    answer = member_client.post("/password/", form)
    assert answer.status_code == 409
    assert "You signed in as milo in another tab." in answer.content.decode()


def test_who_was_removed_from_the_team_is_told(member_client: Client, member: User, team: Team, second: Team) -> None:
    headers = {**PART, **page_of(member, team)}
    member.memberships.filter(team=team).delete()
    said = member_client.get("/datasets/table/", headers=headers)
    assert (said.status_code, said["X-Wrong-Page"]) == (409, "left")
    assert "no longer in the team of this page" in said.content.decode()
    assert "Show Team 8123" in said.content.decode()
    member.memberships.all().delete()
    said = member_client.post("/datasets/delete/", {"dataset": "x"}, headers=headers)
    assert (said.status_code, said["X-Wrong-Page"]) == (409, "left")
    assert "Show" not in said.content.decode()


def test_nothing_of_a_team_that_one_is_not_in_is_named(member_client: Client, member: User, outsider: User) -> None:
    foreign = outsider.memberships.get().team
    said = member_client.get("/datasets/table/", headers={**PART, **page_of(member, foreign)})
    assert (said.status_code, str(foreign) in said.content.decode()) == (409, False)


@pytest.mark.parametrize("claim", ["", "/", "1", "a/b", "1/2/3", "-/9"])
def test_what_is_no_page_counts_as_not_said(member_client: Client, claim: str) -> None:
    assert member_client.get("/datasets/table/", headers={HEADER: claim}).status_code == 200


def test_a_link_to_something_of_ones_other_team_offers_to_switch(
    member_client: Client, member: User, team: Team, second: Team
) -> None:
    address = f"/datasets/{DatasetFactory(team=team).pk}/"
    switch(member, second)
    said = member_client.get(address)
    assert said.status_code == 409
    assert "This belongs to Team 7001. You're in Team 8123" in said.content.decode()
    answer = member_client.post("/choose-team/", {"team": team.pk, "next": address})
    assert answer.url == address
    assert member_client.get(address).status_code == 200


@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com"])
def test_choosing_a_team_leads_nowhere_else(member_client: Client, team: Team, elsewhere: str) -> None:
    assert member_client.post("/choose-team/", {"team": team.pk, "next": elsewhere}).url == "/"


# --- in the browser -------------------------------------------------------------------------------


@pytest.fixture
def cones(team: Team, second: Team) -> Dataset:
    DatasetFactory(team=second, description="cones of 8123")
    return DatasetFactory(team=team, description="cones of 7001")


@pytest.mark.browser
def test_a_tab_of_the_other_team_keeps_its_rows_and_says_why(
    page: Page, member: User, team: Team, second: Team, cones: Dataset
) -> None:
    page.goto("/datasets/")
    other_tab = page.context.new_page()
    other_tab.goto("/datasets/")
    other_tab.locator("summary", has_text="Team 7001").click()
    other_tab.get_by_role("button", name="Team 8123").click()
    expect(other_tab.get_by_text("cones of 8123")).to_be_visible()

    page.get_by_label("Select cones of 7001").check()
    told = page.locator("main").get_by_text("You switched to Team 8123 in another tab.")
    expect(told).to_be_visible()
    expect(page.get_by_text("cones of 8123")).to_have_count(0)

    page.get_by_role("button", name="Continue with Team 7001").click()
    expect(told).to_have_count(0)
    expect(page.get_by_role("button", name="Start Training")).to_be_enabled()
    page.reload()
    expect(page.get_by_text("cones of 7001")).to_be_visible()


@pytest.mark.browser
def test_a_form_goes_on_for_the_team_that_it_was_opened_for(
    page: Page, member: User, team: Team, second: Team, cones: Dataset
) -> None:
    page.goto("/datasets/")
    page.get_by_label("Select cones of 7001").check()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    switch(member, second)
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("dialog").get_by_text("You switched to Team 8123")).to_be_visible()
    assert Dataset.objects.count() == 2
    page.get_by_role("button", name="Continue with Team 7001").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_text("cones of 7001", exact=True)).to_have_count(0)
    assert Dataset.objects.get().team == second


@pytest.mark.browser
def test_what_was_given_up_is_not_sent_later(page: Page, member: User, team: Team, second: Team) -> None:
    waiting = TrainingJobFactory(team=team, description="finder", state=JobState.TRY_AGAIN_LATER)
    page.goto("/models/")
    switch(member, second)
    page.get_by_role("button", name="Try Again").click()
    told = page.get_by_text("You switched to Team 8123")
    expect(told).to_be_visible()
    page.get_by_role("button", name="Close this message").click()
    page.get_by_label("Select finder").check()
    expect(told).to_be_visible()
    page.get_by_role("button", name="Continue with Team 7001").click()
    expect(page.get_by_role("button", name="Stop Training")).to_be_enabled()
    waiting.refresh_from_db()
    assert waiting.state == JobState.TRY_AGAIN_LATER


@pytest.mark.browser
def test_the_other_team_is_one_click_away_too(page: Page, member: User, second: Team, cones: Dataset) -> None:
    page.goto("/datasets/")
    switch(member, second)
    page.get_by_label("Select cones of 7001").check()
    page.get_by_role("link", name="Show Team 8123").click()
    expect(page.get_by_text("cones of 8123")).to_be_visible()


@pytest.mark.browser
def test_nothing_is_done_as_another_person(page: Page, live_server, coach: User, cones: Dataset) -> None:
    page.goto("/datasets/")
    page.get_by_label("Select cones of 7001").check()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    sign_in(page.context, coach, live_server.url)
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("You signed in as carla in another tab.")).to_be_visible()
    assert Dataset.objects.count() == 2
    page.get_by_role("link", name="Reload the page").click()
    expect(page.get_by_text("Hello, carla")).to_be_visible()
