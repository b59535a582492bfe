"""The Start Training pop-up: its numbers come from the server, and nothing that fails leaves the page unusable."""

import re

import pytest
from playwright.sync_api import Page, expect

from datasets.models import Dataset
from ftcml.accounts.models import Team
from tests.factories import TrainingJobFactory
from tests.pages.conftest import scrolls_sideways, serious_problems
from training.models import MeasuredSpeed, TrainingJob
from training.services import jobs

pytestmark = pytest.mark.usefixtures("training_worker")
browser_test = pytest.mark.browser


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
    """Not grayed, nothing stuck: the pop-up takes another try, and closes."""
    expect(page.get_by_role("dialog").get_by_role("button", name="Start Training")).to_be_enabled()
    page.get_by_label("Number of Training Steps").fill("200")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_label("Select cones").uncheck()
    expect(page.get_by_label("Select cones")).not_to_be_checked()


@browser_test
def test_the_numbers_follow_what_is_typed(popup: Page) -> None:
    expect(popup.get_by_role("radio", name="SSD MobileNet v2 320x320")).to_be_checked()
    expect(popup.get_by_label("Number of Training Steps")).to_have_value("4100")
    expect(popup.get_by_text("4,100 steps is what we suggest for this dataset.")).to_be_visible()
    popup.get_by_label("Number of Training Steps").fill("3000")
    expect(popup.locator("#plan-epochs")).to_have_text("73")
    expect(popup.locator("#plan-frames")).to_have_text("1,300")
    expect(popup.locator("#plan-batch")).to_have_text("32")
    expect(popup.locator("#plan-epoch")).to_have_text("41")
    expect(
        popup.get_by_text("4,063 steps make 100 epochs; we suggest 4,100, the next multiple of 100.")
    ).to_be_visible()
    expect(popup.get_by_text("memorizes your frames")).to_be_visible()
    expect(
        popup.locator("#plan").get_by_text("600 training minutes left. You get unused minutes back.")
    ).to_be_visible()
    expect(popup.get_by_text("Measuring this computer's speed.")).to_be_visible()


@browser_test
def test_the_advised_steps_are_one_press_away(popup: Page) -> None:
    steps = popup.get_by_label("Number of Training Steps")
    steps.fill("4063")
    expect(popup.locator("#plan-steps-advice")).to_contain_text("Use a multiple of 100")
    popup.get_by_role("button", name="Use 4,100 steps").click()
    expect(steps).to_have_value("4100")
    expect(popup.locator("#plan-epochs")).to_have_text("100")
    steps.press("ArrowUp")
    expect(steps).to_have_value("4200")


@browser_test
def test_steps_and_minutes_follow_the_starting_model_until_they_are_changed(popup: Page, team: Team) -> None:
    steps, minutes = popup.get_by_label("Number of Training Steps"), popup.get_by_label("Maximum Training Time")
    for model, seconds in (("SSD MobileNet v2 320x320", 0.01), ("SSD MobileNet V2 FPNLite 640x640", 0.02)):
        MeasuredSpeed.objects.create(
            worker="worker-1", accelerator="cpu", starting_model=model, seconds_per_frame=seconds
        )
    popup.get_by_role("radio", name="FPNLite 640x640").check()
    expect(steps).to_have_value("16300")
    expect(minutes).to_have_value("70")
    expect(popup.locator("#plan-epochs")).to_have_text("100")
    minutes.fill("30")
    popup.get_by_role("radio", name="SSD MobileNet v2 320x320").check()
    expect(steps).to_have_value("4100")
    steps.fill("300")
    expect(popup.locator("#plan-epochs")).to_have_text("7")
    popup.get_by_role("radio", name="FPNLite 640x640").check()
    expect(popup.locator("#plan-epochs")).to_have_text("1")
    expect(steps).to_have_value("300")
    expect(minutes).to_have_value("30")


@browser_test
def test_what_is_typed_while_the_server_answers_stays(popup: Page) -> None:
    MeasuredSpeed.objects.create(
        worker="worker-1", accelerator="cpu", starting_model="SSD MobileNet v2 320x320", seconds_per_frame=0.01
    )
    minutes = popup.get_by_label("Maximum Training Time")

    def answer_late(route) -> None:
        answer = route.fetch()
        minutes.fill("700")
        popup.get_by_label("Description").focus()
        route.fulfill(response=answer)

    popup.route("**/start-training/plan/**", answer_late, times=1)
    popup.get_by_label("Number of Training Steps").fill("3000")
    expect(popup.get_by_text("Your team has 600 minutes left. Choose fewer minutes.")).to_be_visible()
    expect(minutes).to_have_value("700")


@browser_test
def test_a_plan_from_before_a_lost_connection_says_so_and_catches_up(popup: Page) -> None:
    popup.context.set_offline(True)
    popup.get_by_label("Number of Training Steps").fill("3000")
    expect(popup.get_by_text("These numbers are out of date.")).to_be_visible()
    expect(popup.locator("#plan-epochs")).to_have_text("100")
    popup.context.set_offline(False)
    expect(popup.locator("#plan-epochs")).to_have_text("73")
    expect(popup.get_by_text("These numbers are out of date.")).to_be_hidden()
    expect(popup.get_by_label("Number of Training Steps")).to_have_value("3000")


@browser_test
def test_a_plan_that_a_broken_server_withheld_catches_up(popup: Page) -> None:
    popup.route("**/start-training/plan/**", lambda route: route.fulfill(status=502), times=1)
    popup.get_by_label("Number of Training Steps").fill("3000")
    expect(popup.get_by_text("These numbers are out of date.")).to_be_visible()
    expect(popup.locator("#plan-epochs")).to_have_text("73")


@browser_test
def test_the_description_is_an_unused_name_that_typing_replaces(popup: Page) -> None:
    description = popup.get_by_label("Description")
    expect(description).to_have_value("cones")
    expect(description).to_be_focused()
    popup.keyboard.type("finder")
    expect(description).to_have_value("finder")


@browser_test
@pytest.mark.parametrize(
    ("label", "typed", "told"),
    [
        ("Description", "", "Describe your model"),
        ("Number of Training Steps", "49", "Choose 50 to 20,000 training steps."),
        ("Maximum Training Time", "700", "Your team has 600 training minutes left"),
    ],
)
def test_what_is_wrong_stands_at_its_field_which_has_the_focus(popup: Page, label: str, typed: str, told: str) -> None:
    field = popup.get_by_label(label)
    field.fill(typed)
    _press_start(popup)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile(told))
    expect(field).to_be_focused()
    assert serious_problems(popup) == []


@browser_test
def test_the_popup_fits_a_small_laptop_and_a_phone(popup: Page, monkeypatch) -> None:
    monkeypatch.setenv("FTCML_TEST_CATALOG", "0")
    popup.goto("/datasets/")
    popup.get_by_label("Select cones").check()
    popup.get_by_role("button", name="Start Training").click()
    dialog = popup.get_by_role("dialog", name="Start Training")
    expect(dialog).to_be_visible()
    assert dialog.evaluate("dialog => dialog.scrollHeight <= dialog.clientHeight")
    assert serious_problems(popup) == []
    popup.set_viewport_size({"width": 390, "height": 844})
    assert dialog.evaluate("dialog => dialog.scrollWidth <= dialog.clientWidth")
    assert not scrolls_sideways(popup)


@browser_test
def test_the_starting_model_is_chosen_by_keyboard(popup: Page) -> None:
    popup.get_by_label("Description").press("Tab")
    expect(popup.get_by_role("radio", name="SSD MobileNet v2 320x320")).to_be_focused()
    popup.keyboard.press("ArrowDown")
    expect(popup.get_by_role("radio", name="FPNLite 320x320")).to_be_checked()


@browser_test
def test_an_estimate_over_the_maximum_is_a_warning(popup: Page, team: Team) -> None:
    TrainingJobFactory(
        team=team, training_seconds=600, steps_completed=100, live_step=100, batch_size=32, accelerator="cpu"
    )
    popup.get_by_label("Maximum Training Time").fill("30")
    expect(popup.get_by_text("About 6 hours 50 minutes on this server.")).to_be_visible()
    expect(popup.locator("#plan-time-warning")).to_contain_text("You allow 30 minutes")
    popup.get_by_label("Maximum Training Time").fill("601")
    expect(popup.locator("#plan-time-warning")).to_contain_text("Your team has 600 minutes left")


@browser_test
def test_a_started_job_appears_on_the_models_tab(popup: Page) -> None:
    popup.get_by_label("Number of Training Steps").fill("400")
    popup.get_by_label("Description").fill("cone finder")
    popup.get_by_text("Old robot software").click()
    expect(popup.get_by_label("Maximum Detections")).to_have_value("25")
    popup.get_by_label("Maximum Detections").fill("10")
    _press_start(popup)
    expect(popup).to_have_url(re.compile("/models/"))
    assert TrainingJob.objects.get().max_detections == 10
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
    expect(popup.get_by_role("dialog").get_by_text("The server didn't answer.")).to_be_visible()
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
    expect(popup.get_by_role("dialog").get_by_text("The server didn't answer.")).to_be_visible()
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
def test_the_popup_works_by_keyboard_alone(page: Page, cones: Dataset) -> None:
    page.goto("/datasets/")
    page.get_by_label("Select cones").focus()
    page.keyboard.press("Space")
    start = page.get_by_role("button", name="Start Training")
    expect(start).to_be_enabled()
    start.press("Enter")
    expect(page.get_by_label("Description")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(start).to_be_focused()
