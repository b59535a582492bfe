"""The More Training pop-up, and deleting models that others go on from."""

import re
import uuid

import pytest
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Page, expect

from ftcml.accounts.models import Team
from ftcml.accounts.services.throttle import StartThrottle
from tests import lineages
from tests.factories import DatasetFactory, TrainingJobFactory, counts
from tests.pages.conftest import scrolls_sideways, serious_problems
from training.models import TrainingJob
from training.states import JobState

pytestmark = pytest.mark.usefixtures("training_worker")
browser_test = pytest.mark.browser


@pytest.fixture
def raccoons(team: Team) -> TrainingJob:
    frames = DatasetFactory(team=team, description="forest", counts=counts(training=1300, evaluation=300))
    return lineages.trained(1000, team=team, description="raccoons", dataset=frames)


@pytest.fixture
def popup(page: Page, team: Team, raccoons: TrainingJob) -> Page:
    """The Models tab with the pop-up open for the model."""
    DatasetFactory(team=team, description="city", counts=counts(training=100, evaluation=20))
    DatasetFactory(team=team, description="field", labels=["cone"])
    page.goto("/models/")
    more = page.get_by_role("button", name="More Training")
    expect(more).to_be_disabled()
    page.get_by_label("Select raccoons").check()
    more.click()
    expect(page.get_by_role("dialog", name="More Training")).to_be_visible()
    return page


@browser_test
def test_a_press_in_the_moment_the_button_comes_on_counts(page: Page, raccoons: TrainingJob) -> None:
    page.goto("/models/")
    page.evaluate("""() => new MutationObserver(() => {
        const button = document.getElementById("more-training");
        if (!button.ariaDisabled) button.click();
    }).observe(document.getElementById("more-training"), { attributeFilter: ["aria-disabled"] })""")
    page.get_by_label("Select raccoons").check()
    expect(page.get_by_role("dialog", name="More Training")).to_be_visible()


@browser_test
def test_the_pop_up_says_what_is_used_and_where_the_steps_go_on(popup: Page) -> None:
    own = popup.get_by_role("checkbox", name="forest")
    expect(own).to_be_checked()
    expect(own).to_be_disabled()
    popup.get_by_text("1 other dataset has different labels, so you can't add it").click()
    expect(popup.get_by_text("field: Only “field” has “cone”; only “forest” has “raccoon”.")).to_be_visible()
    expect(popup.get_by_label("Number of Training Steps")).to_have_value("3100")
    expect(popup.locator("#plan-range")).to_have_text("1,000 to 4,100")
    expect(popup.locator("#plan-epochs")).to_have_text("76")
    expect(popup.locator("#plan-epochs-in-all")).to_have_text("100")
    expect(popup.get_by_text("Starts where raccoons ended, at step 1,000.")).to_be_visible()
    expect(popup.get_by_label("Description", exact=True)).to_have_value("raccoons 2")
    popup.get_by_role("checkbox", name="city").check()
    expect(popup.locator("#plan-frames")).to_have_text("1,400")
    assert serious_problems(popup) == []
    assert not scrolls_sideways(popup)


@browser_test
def test_a_child_appears_with_its_parent_as_its_starting_model(popup: Page, raccoons: TrainingJob) -> None:
    popup.get_by_role("checkbox", name="city").check()
    popup.get_by_label("Number of Training Steps").fill("300")
    popup.get_by_label("Description", exact=True).fill("better")
    popup.get_by_role("button", name="Train More").click()
    expect(popup.get_by_role("heading", name="better")).to_contain_text("QUEUED")
    expect(popup.get_by_text("300, from step 1,000 to 1,300")).to_be_visible()
    child = raccoons.children.get()
    assert (child.first_step, child.last_step, child.datasets.count()) == (1000, 1300, 2)
    popup.get_by_role("link", name="Models").first.click()
    row = popup.get_by_role("row", name="better")
    expect(row.get_by_role("cell").nth(3)).to_have_text("raccoons")


@browser_test
def test_a_refusal_is_said_in_the_popup_and_loses_nothing(popup: Page, raccoons: TrainingJob) -> None:
    popup.get_by_role("checkbox", name="city").check()
    popup.get_by_label("Maximum Training Time").fill("700")
    popup.get_by_label("Description", exact=True).fill("better")
    popup.get_by_role("button", name="Train More").click()
    expect(popup.get_by_role("alert")).to_contain_text("Your team has 600 training minutes left")
    expect(popup.get_by_role("checkbox", name="city")).to_be_checked()
    popup.get_by_label("Maximum Training Time").fill("60")
    popup.get_by_role("button", name="Train More").click()
    expect(popup.get_by_role("heading", name="better")).to_be_visible()
    assert raccoons.children.count() == 1


@browser_test
def test_a_models_own_page_trains_it_more(page: Page, raccoons: TrainingJob) -> None:
    page.goto(f"/models/{raccoons.pk}/")
    page.get_by_role("button", name="More Training").click()
    expect(page.get_by_role("dialog", name="More Training")).to_contain_text("Starts where raccoons ended")


@browser_test
def test_two_models_at_a_time_are_not_trained_more(page: Page, team: Team, raccoons: TrainingJob) -> None:
    TrainingJobFactory(team=team, description="other", state=JobState.RUNNING)
    page.goto("/models/")
    page.get_by_label("Select other").check()
    more = page.get_by_role("button", name="More Training")
    expect(more).to_have_accessible_description(re.compile("“other” hasn't ended yet."))
    page.get_by_label("Select raccoons").check()
    expect(more).to_have_accessible_description(re.compile("one model more at a time"))
    expect(more).to_be_disabled()


@browser_test
def test_a_parent_is_deleted_together_with_its_child(page: Page, team: Team, raccoons: TrainingJob) -> None:
    TrainingJobFactory(team=team, description="better", state=JobState.CANCELED, parent=raccoons, first_step=1000)
    page.goto("/models/")
    page.get_by_label("Select raccoons").check()
    delete = page.get_by_role("button", name="Delete Models")
    delete.click()
    dialog = page.get_by_role("dialog", name="You can't delete this now")
    expect(dialog).to_contain_text("“better” was trained from “raccoons”.")
    expect(dialog.get_by_role("button", name="Delete")).to_have_count(0)
    dialog.get_by_role("button", name="OK").click()

    page.get_by_label("Select better").check()
    expect(page.get_by_text("2 selected.")).to_be_visible()
    delete.click()
    page.get_by_role("dialog", name="Delete 2 models?").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="No models yet")).to_be_visible()


@browser_test
def test_a_dataset_that_a_model_uses_is_named_before_the_click(page: Page, team: Team, raccoons: TrainingJob) -> None:
    DatasetFactory(team=team, description="free")
    page.goto("/datasets/")
    page.get_by_label("Select forest").check()
    page.get_by_label("Select free").check()
    expect(page.get_by_label("Select free")).to_be_checked()
    page.get_by_role("button", name="Delete Datasets").click()
    dialog = page.get_by_role("dialog", name="Delete 1 dataset?")
    expect(dialog).to_contain_text("“forest” was used to train “raccoons”. The pages of that model")
    dialog.get_by_role("button", name="Delete").click()
    expect(page.get_by_label("Select free")).to_have_count(0)
    expect(page.get_by_label("Select forest")).to_be_visible()


def _form(**others: object) -> dict[str, object]:
    usual = {"training_steps": 300, "max_minutes": 60, "description": "better", "job_id": uuid.uuid4()}
    return {**usual, **others}


def test_the_same_form_sent_twice_starts_one_job(member_client: Client, raccoons: TrainingJob) -> None:
    form = _form()
    answers = [member_client.post(f"/models/{raccoons.pk}/train-more/", form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [204, 204]
    assert {answer["HX-Redirect"] for answer in answers} == {f"/models/{raccoons.children.get().pk}/"}


def test_it_is_throttled_like_any_start(member_client: Client, raccoons: TrainingJob, monkeypatch) -> None:
    cache.clear()
    monkeypatch.setitem(StartThrottle.THROTTLE_RATES, "start", "1/hour")
    answers = [member_client.post(f"/models/{raccoons.pk}/train-more/", _form()) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [204, 422]
    assert raccoons.children.count() == 1


def test_a_form_that_is_not_one_is_refused_with_its_errors(member_client: Client, raccoons: TrainingJob) -> None:
    answer = member_client.post(f"/models/{raccoons.pk}/train-more/", _form(training_steps="many"))
    assert answer.status_code == 422
    assert "Write the steps as a whole number." in answer.content.decode()


def test_a_model_that_cannot_be_trained_more_says_so_instead_of_the_form(member_client: Client, team: Team) -> None:
    alive = TrainingJobFactory(team=team, description="other", state=JobState.RUNNING)
    answer = member_client.get(f"/models/{alive.pk}/train-more/")
    assert "“other” hasn&#x27;t ended yet." in answer.content.decode()


@pytest.mark.parametrize("address", ["", "plan/"])
def test_another_teams_model_does_not_exist(outsider_client: Client, raccoons: TrainingJob, address: str) -> None:
    assert outsider_client.get(f"/models/{raccoons.pk}/train-more/{address}").status_code == 404
    assert outsider_client.post(f"/models/{raccoons.pk}/train-more/", _form()).status_code == 404


def test_another_teams_dataset_does_not_exist(member_client: Client, raccoons: TrainingJob) -> None:
    form = _form(dataset=DatasetFactory().pk)
    assert member_client.post(f"/models/{raccoons.pk}/train-more/", form).status_code == 404
