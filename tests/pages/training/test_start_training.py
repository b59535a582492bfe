"""The Start Training pop-up: its numbers come from the server, and nothing that fails leaves the page unusable."""

import re
import uuid

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from datasets.models import Dataset
from ftcml.accounts.models import Team
from tests.factories import DatasetFactory, TrainingJobFactory, counts
from tests.pages.conftest import expire_sessions
from training.models import TrainingJob
from training.services import jobs

pytestmark = pytest.mark.usefixtures("training_worker")
browser_test = pytest.mark.browser


@pytest.fixture
def cones(team: Team) -> Dataset:
    return DatasetFactory(
        team=team, description="cones", labels=["cone"], counts=counts(training=1300, evaluation=325, labels=("cone",))
    )


@pytest.fixture
def popup(page: Page, cones: Dataset) -> Page:
    """The Datasets tab with the pop-up open for the dataset of 1300 frames."""
    page.goto("/datasets/")
    page.get_by_label("Select cones").check()
    page.get_by_role("button", name="Start Training").click()
    expect(page.get_by_role("dialog", name="Start Training")).to_be_visible()
    return page


def _press_start(page: Page) -> None:
    page.get_by_role("dialog").get_by_role("button", name="Start Training").click()


def _expect_usable(page: Page) -> None:
    """Not greyed, nothing stuck: the pop-up takes another try, and closes."""
    expect(page.get_by_role("dialog").get_by_role("button", name="Start Training")).to_be_enabled()
    page.get_by_label("Number of Training Steps").fill("200")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_label("Select cones").uncheck()
    expect(page.get_by_label("Select cones")).not_to_be_checked()


@browser_test
def test_the_numbers_follow_what_is_typed(popup: Page) -> None:
    expect(popup.get_by_label("Starting Model")).to_have_value("SSD MobileNet v2 320x320")
    expect(popup.get_by_label("Number of Training Steps")).to_have_value("4100")
    expect(popup.get_by_text("You train the advised 4100 steps.")).to_be_visible()
    popup.get_by_label("Number of Training Steps").fill("3000")
    expect(popup.locator("#plan-epochs")).to_have_text("73")
    expect(popup.locator("#plan-frames")).to_have_text("1300")
    expect(popup.locator("#plan-batch")).to_have_text("32")
    expect(popup.locator("#plan-epoch")).to_have_text("41")
    expect(popup.get_by_text("Rule of thumb")).to_contain_text("4,100 steps for 1,300 frames")
    expect(popup.get_by_text("an overtrained model knows your frames by heart")).to_be_visible()
    expect(popup.locator("#plan").get_by_text("600 training minutes left")).to_be_visible()
    expect(popup.get_by_text("Measuring this computer's speed.")).to_be_visible()


@browser_test
def test_the_advised_steps_are_one_press_away(popup: Page) -> None:
    steps = popup.get_by_label("Number of Training Steps")
    steps.fill("4063")
    expect(popup.locator("#plan-steps-advice")).to_contain_text("A multiple of 100 is best")
    popup.get_by_role("button", name="Use 4100 steps").click()
    expect(steps).to_have_value("4100")
    expect(popup.locator("#plan-epochs")).to_have_text("100")
    steps.press("ArrowUp")
    expect(steps).to_have_value("4200")


@browser_test
def test_an_estimate_over_the_maximum_is_a_warning(popup: Page, team: Team) -> None:
    TrainingJobFactory(
        team=team, training_seconds=600, steps_completed=100, live_step=100, batch_size=32, accelerator="cpu"
    )
    popup.get_by_label("Maximum Training Time").fill("30")
    expect(popup.get_by_text("About 410 minutes on this server.")).to_be_visible()
    expect(popup.locator("#plan-time-warning")).to_contain_text("you allow 30 minutes")
    popup.get_by_label("Maximum Training Time").fill("601")
    expect(popup.locator("#plan-time-warning")).to_contain_text("Your team has 600 minutes left")


@browser_test
def test_a_started_job_appears_on_the_models_tab(popup: Page) -> None:
    popup.get_by_label("Number of Training Steps").fill("400")
    popup.get_by_label("Description").fill("cone finder")
    _press_start(popup)
    expect(popup).to_have_url(re.compile("/models/"))
    row = popup.get_by_role("row", name="cone finder")
    expect(row).to_contain_text("QUEUED")
    expect(row).to_contain_text("400")
    popup.get_by_role("link", name="Datasets").click()
    expect(popup.get_by_text("540 training minutes left")).to_be_visible()


@browser_test
def test_a_refusal_is_said_in_the_popup_and_loses_nothing(popup: Page) -> None:
    popup.get_by_label("Number of Training Steps").fill("3000")
    popup.get_by_label("Maximum Training Time").fill("700")
    popup.get_by_label("Description").fill("too long")
    _press_start(popup)
    expect(popup.get_by_role("alert")).to_contain_text("Your team has 600 training minutes left")
    expect(popup.get_by_label("Number of Training Steps")).to_have_value("3000")
    popup.get_by_label("Maximum Training Time").fill("60")
    _press_start(popup)
    expect(popup.get_by_role("row", name="too long")).to_be_visible()


@browser_test
def test_a_cut_network_is_told_and_the_page_stays_usable(popup: Page) -> None:
    popup.get_by_label("Description").fill("cone finder")
    popup.context.set_offline(True)
    _press_start(popup)
    expect(popup.get_by_role("dialog").get_by_text("The server did not answer.")).to_be_visible()
    popup.context.set_offline(False)
    _expect_usable(popup)
    assert not TrainingJob.objects.exists()


@browser_test
def test_an_answer_lost_on_the_way_does_not_start_a_second_job(popup: Page) -> None:
    def lose_the_answer(route) -> None:
        route.fetch()
        route.abort("connectionreset")

    popup.route("**/start-training/", lose_the_answer, times=1)
    popup.get_by_label("Description").fill("cone finder")
    _press_start(popup)
    expect(popup.get_by_role("dialog").get_by_text("The server did not answer.")).to_be_visible()
    _press_start(popup)
    expect(popup.get_by_role("row", name="cone finder")).to_be_visible()
    assert TrainingJob.objects.count() == 1


@browser_test
def test_a_broken_server_is_told_and_the_page_stays_usable(popup: Page, monkeypatch) -> None:
    def broken(*args: object, **choices: object) -> None:
        raise RuntimeError("out of order")

    monkeypatch.setattr(jobs, "start", broken)
    popup.get_by_label("Description").fill("cone finder")
    _press_start(popup)
    expect(popup.get_by_role("dialog").get_by_text("Something broke on the server.")).to_be_visible()
    _expect_usable(popup)


@browser_test
def test_a_double_click_starts_one_job(popup: Page) -> None:
    popup.get_by_label("Description").fill("cone finder")
    popup.get_by_role("dialog").get_by_role("button", name="Start Training").dblclick()
    expect(popup.get_by_role("row", name="cone finder")).to_have_count(1)
    assert TrainingJob.objects.count() == 1


@browser_test
def test_an_expired_session_is_told_with_the_way_to_sign_in(popup: Page) -> None:
    popup.get_by_label("Description").fill("cone finder")
    expire_sessions()
    _press_start(popup)
    told = popup.get_by_role("dialog").get_by_text("You are signed out.")
    expect(told).to_be_visible()
    expect(popup.get_by_role("dialog").get_by_role("link", name="Sign in")).to_be_visible()
    _expect_usable(popup)


@browser_test
def test_the_popup_works_by_keyboard_alone(page: Page, cones: Dataset) -> None:
    page.goto("/datasets/")
    page.get_by_label("Select cones").focus()
    page.keyboard.press("Space")
    start = page.get_by_role("button", name="Start Training")
    expect(start).to_be_enabled()
    start.press("Enter")
    expect(page.get_by_label("Number of Training Steps")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(start).to_be_focused()


def test_the_same_form_sent_twice_starts_one_job(member_client: Client, cones: Dataset) -> None:
    form = {
        "dataset": cones.pk,
        "starting_model": "SSD MobileNet v2 320x320",
        "training_steps": 400,
        "max_minutes": 60,
        "description": "cone finder",
        "job_id": uuid.uuid4(),
    }
    answers = [member_client.post("/start-training/", form) for _ in range(2)]
    started = TrainingJob.objects.get()
    assert [answer["HX-Redirect"] for answer in answers] == [f"/models/#job-{started.pk}"] * 2


def test_a_model_that_is_not_offered_is_refused_at_its_field(member_client: Client, cones: Dataset) -> None:
    form = {"dataset": cones.pk, "starting_model": "YOLO", "training_steps": 400, "max_minutes": 60}
    answer = member_client.post("/start-training/", {**form, "description": "cones", "job_id": uuid.uuid4()})
    assert answer.status_code == 422
    assert "Choose a starting model from the list." in answer.content.decode()
    assert not TrainingJob.objects.exists()


def test_datasets_with_different_labels_get_no_form(member_client: Client, cones: Dataset, team: Team) -> None:
    cubes = DatasetFactory(team=team, description="cubes", labels=["cube"], created=timezone.now())
    answer = member_client.get("/start-training/", {"dataset": [cones.pk, cubes.pk]}).content.decode()
    assert "“cones” has no “cube”" in answer
    assert "<form" not in answer


def test_the_proposed_minutes_leave_room_for_the_estimate(member_client: Client, cones: Dataset, team: Team) -> None:
    assert 'value="60"' in member_client.get("/start-training/", {"dataset": cones.pk}).content.decode()
    TrainingJobFactory(
        team=team, training_seconds=600, steps_completed=200, live_step=200, batch_size=32, accelerator="cpu"
    )
    page = member_client.get("/start-training/", {"dataset": cones.pk}).content.decode()
    assert "About 205 minutes" in page
    assert 'value="260"' in page


def test_a_plan_for_half_typed_numbers_says_what_is_missing(member_client: Client, cones: Dataset) -> None:
    choices = {
        "dataset": cones.pk,
        "starting_model": "SSD MobileNet v2 320x320",
        "training_steps": "",
        "max_minutes": "-",
    }
    answer = member_client.get("/start-training/plan/", choices).content.decode()
    assert "The number of training steps must be from 100 to 20,000" in answer
