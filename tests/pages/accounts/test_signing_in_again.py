"""Who was signed out signs in again where they are, and goes on: no form and no chosen file is lost."""

from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Page, Route, expect

from datasets.models import Dataset
from ftcml.accounts.models import Team, User
from ftcml.accounts.pages.page_owner import HEADER, PageOwner
from tests.factories import PASSWORD, DatasetFactory
from tests.pages.conftest import expire_sessions, serious_problems, sign_in, sign_out
from training.models import TrainingJob

PART = {"HX-Request": "true"}


def test_the_dialog_is_for_the_person_of_the_page(client: Client, member: User, coach: User, team: Team) -> None:
    headers = {**PART, HEADER: str(PageOwner(member.pk, team.pk))}
    for user, status in ((coach, 422), (member, 204)):
        answer = client.post("/sign-in/", {"username": user.username, "password": PASSWORD}, headers=headers)
        assert answer.status_code == status
        assert ("_auth_user_id" in client.session) == (status == 204)
    assert answer["HX-Trigger"] == "signed-in"


def test_guessing_is_slowed_down_in_the_dialog_too(client: Client, member: User, team: Team) -> None:
    headers = {**PART, HEADER: str(PageOwner(member.pk, team.pk))}
    wrong = {"username": member.username, "password": "guess"}
    answers = [client.post("/sign-in/", wrong, headers=headers) for _ in range(11)]
    assert {answer.status_code for answer in answers} == {422}
    assert "don&#x27;t match" in answers[0].content.decode()
    assert "Too many wrong passwords" in answers[-1].content.decode()
    assert f'value="{member.username}"' in answers[-1].content.decode()


def test_a_page_asks_whether_its_person_is_signed_in(client: Client, member: User) -> None:
    assert client.get("/session/").json()["is_signed_in"] is False
    client.force_login(member)
    said = client.get("/session/")
    assert said.json()["is_signed_in"] is True
    assert "no-store" in said["Cache-Control"]


# --- in the browser -------------------------------------------------------------------------------


def sign_in_again(page: Page, password: str = PASSWORD) -> None:
    dialog = page.get_by_role("dialog", name="Sign in again")
    expect(dialog.get_by_label("User name")).to_have_value("milo")
    expect(dialog.get_by_label("Password")).to_be_focused()
    dialog.get_by_label("Password").fill(password)
    dialog.get_by_role("button", name="Sign In").click()


@pytest.fixture
def cones(team: Team, training_worker: None) -> Dataset:
    return DatasetFactory(team=team, description="cones")


@pytest.fixture
def start_form(page: Page, cones: Dataset) -> Page:
    """The Start Training dialog, filled in."""
    page.goto("/datasets/")
    page.get_by_label("Select cones").check()
    page.get_by_role("button", name="Start Training").click()
    page.get_by_label("Description").fill("cone finder")
    return page


def press_start(page: Page) -> None:
    page.get_by_role("dialog").get_by_role("button", name="Start Training").click()


@pytest.mark.browser
def test_start_training_goes_on_after_signing_in_again(start_form: Page) -> None:
    expire_sessions()
    press_start(start_form)
    sign_in_again(start_form, "wrong")
    expect(start_form.get_by_text("don't match")).to_be_visible()
    assert serious_problems(start_form) == []
    sign_in_again(start_form)
    expect(start_form.get_by_role("row", name="cone finder")).to_have_count(1)
    assert TrainingJob.objects.get().description == "cone finder"


@pytest.mark.browser
def test_the_form_is_still_there_for_who_closes_the_dialog(start_form: Page) -> None:
    expire_sessions()
    press_start(start_form)
    expect(start_form.get_by_role("dialog", name="Sign in again")).to_be_visible()
    start_form.keyboard.press("Escape")
    expect(start_form.get_by_label("Description")).to_have_value("cone finder")
    start_form.get_by_role("dialog").get_by_role("button", name="Sign In").click()
    sign_in_again(start_form)
    expect(start_form.get_by_role("row", name="cone finder")).to_have_count(1)


@pytest.mark.browser
def test_an_upload_goes_on_with_its_file(page: Page, team: Team, small_zip: Path) -> None:
    page.goto("/datasets/")
    page.get_by_role("button", name="Import Dataset").first.click()
    page.get_by_label("Zip file").set_input_files(small_zip)
    page.get_by_label("Description").fill("gym cones")
    expire_sessions()
    page.get_by_role("dialog").get_by_role("button", name="Import", exact=True).click()
    sign_in_again(page)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_text("gym cones")).to_be_visible()
    assert Dataset.objects.get().description == "gym cones"


@pytest.mark.browser
def test_a_form_without_a_script_keeps_what_was_typed(page: Page, member: User) -> None:
    page.goto("/password/")
    page.get_by_label("Old password").fill(PASSWORD)
    for label in ("New password", "Repeat the new password"):
        page.get_by_label(label, exact=True).fill("another correct horse")
    expire_sessions()
    page.get_by_role("button", name="Change Password").click()
    sign_in_again(page)
    expect(page.get_by_text("Password changed.")).to_be_visible()
    member.refresh_from_db()
    assert member.check_password("another correct horse")


@pytest.mark.browser
def test_a_form_without_a_script_keeps_what_was_typed_without_a_network(page: Page, member: User) -> None:
    page.goto("/password/")
    page.get_by_label("Old password").fill(PASSWORD)
    for label in ("New password", "Repeat the new password"):
        page.get_by_label(label, exact=True).fill("another correct horse")
    page.context.set_offline(True)
    page.get_by_role("button", name="Change Password").click()
    expect(page.get_by_text("The server didn't answer")).to_be_visible()
    expect(page.get_by_label("Old password")).to_have_value(PASSWORD)
    page.context.set_offline(False)
    page.get_by_role("button", name="Change Password").click()
    expect(page.get_by_text("Password changed.")).to_be_visible()
    member.refresh_from_db()
    assert member.check_password("another correct horse")


@pytest.mark.browser
def test_who_signed_in_again_in_another_tab_is_not_asked_again(start_form: Page, member: User) -> None:
    """Every new sign-in has tokens of its own; the page gets them with the next request."""
    other = start_form.context.new_page()
    other.goto("/datasets/")
    sign_out(other)
    other.get_by_label("User name").fill(member.username)
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Sign in").click()
    expect(other.get_by_text("Hello, milo")).to_be_visible()
    press_start(start_form)
    expect(start_form.get_by_role("row", name="cone finder")).to_have_count(1)


@pytest.mark.browser
def test_what_refreshes_itself_meanwhile_takes_nothing_away(start_form: Page) -> None:
    """A plan that comes while the page asks who is signed in isn't the person's return."""
    asked: list[Route] = []
    start_form.route("**/session/", lambda route: asked.append(route))
    start_form.context.clear_cookies(name="csrftoken")
    with start_form.expect_request("**/session/"):
        press_start(start_form)
    with start_form.expect_response("**/start-training/plan/**"):
        start_form.get_by_label("Number of Training Steps").fill("200")
    asked[0].continue_()
    expect(start_form.get_by_role("row", name="cone finder")).to_have_count(1)


@pytest.mark.browser
def test_a_table_that_refreshes_itself_opens_no_dialog(page: Page, cones: Dataset) -> None:
    page.goto("/datasets/")
    expire_sessions()
    page.get_by_label("Select cones").check()
    expect(page.get_by_text("You're signed out.")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Sign In").click()
    sign_in_again(page)
    expect(page.get_by_text("You're signed out.")).to_have_count(0)
    expect(page.get_by_role("button", name="Start Training")).to_be_enabled()


@pytest.mark.browser
def test_another_person_who_signed_in_meanwhile_does_nothing_on_this_page(
    start_form: Page, coach: User, live_server
) -> None:
    expire_sessions()
    press_start(start_form)
    expect(start_form.get_by_role("dialog", name="Sign in again")).to_be_visible()
    sign_in(start_form.context, coach, live_server.url)
    sign_in_again(start_form)
    expect(start_form.get_by_text("You signed in as carla in another tab.")).to_be_visible()
    assert not TrainingJob.objects.exists()
