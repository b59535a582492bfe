import io
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Download, Page, Route, expect

from datasets.formats.catalog import WRITTEN
from datasets.importing import producing
from datasets.models import Dataset
from datasets.sample import sample_dataset
from datasets.services import imports
from ftcml.accounts.models import Team
from tests.factories import DatasetFactory, TrainingJobFactory, add_model, counts
from tests.pages.conftest import place_of, serious_problems
from tests.pages.voc_zip import imported, write_zip

pytestmark = pytest.mark.browser


def test_an_empty_tab_says_what_to_do_first(page: Page) -> None:
    page.goto("/datasets/")
    expect(page.get_by_role("heading", name="Start with your pictures")).to_be_visible()
    expect(page.get_by_text("600 training minutes left")).to_be_visible()
    expect(page.get_by_role("button", name="Import Dataset")).to_be_enabled()


def test_any_team_can_try_with_a_sample_once(page: Page, team: Team, monkeypatch) -> None:
    monkeypatch.setattr(sample_dataset, "FRAMES", 20)
    page.goto("/datasets/")
    assert serious_problems(page) == []
    page.get_by_role("button", name="Try with a Sample").dblclick()
    expect(page.get_by_role("row", name="Balls and cubes")).to_be_visible()
    sample = Dataset.objects.get()
    assert imports.request_sample(team, None) == sample
    producing.produce(sample)
    assert (sample.state, sample.labels) == (Dataset.State.READY, ["ball", "cube"])
    page.get_by_role("link", name="Balls and cubes").click()
    expect(page.get_by_text("A sample with pictures that this server drew.")).to_be_visible()


def test_the_first_steps_stay_until_the_team_has_a_model(page: Page, team: Team) -> None:
    steps = page.get_by_role("region", name="Your first model in four steps")
    dataset = DatasetFactory(team=team)
    page.goto("/datasets/")
    expect(steps.get_by_text("Done")).to_have_count(1)
    page.goto(f"/datasets/{dataset.pk}/")
    page.goto("/models/")
    expect(steps.get_by_text("Done")).to_have_count(2)
    expect(page.get_by_role("link", name="Go to Datasets")).to_be_visible()
    assert serious_problems(page) == []
    job = TrainingJobFactory(team=team, dataset=dataset)
    page.goto("/datasets/")
    expect(steps.get_by_text("Done")).to_have_count(3)
    assert serious_problems(page) == []
    add_model(job)
    page.goto("/datasets/")
    expect(page.get_by_role("link", name=dataset.description)).to_be_visible()
    expect(steps).to_be_hidden()


def test_the_table_has_the_references_columns(page: Page, team: Team) -> None:
    DatasetFactory(
        team=team, description="cones", labels=["cone"], counts=counts(training=1300, evaluation=325, labels=("cone",))
    )
    page.goto("/datasets/")
    heads = page.get_by_role("columnheader").all_inner_texts()
    assert [head for head in heads if head.strip()] == [
        *("Date Produced", "Description", "Number of Frames", "Labels", "State", "Training", "Evaluation"),
        *("Total", "Without boxes", "Total", "Without boxes"),
    ]
    row = page.get_by_role("row", name="cones")
    assert row.get_by_role("cell").all_inner_texts()[2:] == ["cones", "1,300", "0", "325", "0", "cone", "READY"]
    expect(page.get_by_text("600 training minutes left")).to_be_visible()


def test_different_labels_switch_start_training_off_and_are_named(page: Page, team: Team) -> None:
    DatasetFactory(team=team, description="gym", labels=["cone", "cube"])
    DatasetFactory(team=team, description="pit", labels=["cone"])
    page.goto("/datasets/")
    start = page.get_by_role("button", name="Start Training")
    expect(start).to_be_disabled()
    expect(start).to_have_accessible_description("Select a dataset first.")

    page.get_by_label("Select gym").check()
    expect(start).to_be_enabled()
    page.get_by_label("Select pit").check()
    expect(start).to_be_disabled()
    expect(page.locator("#why-not")).to_contain_text("only “gym” has “cube”")
    page.get_by_label("Select gym").uncheck()
    expect(start).to_be_enabled()


def test_everything_can_be_selected_at_once(page: Page, team: Team) -> None:
    DatasetFactory.create_batch(3, team=team)
    page.goto("/datasets/")
    page.get_by_label("Select all datasets").check()
    expect(page.get_by_text("3 selected.")).to_be_visible()
    expect(page.get_by_role("button", name="Start Training")).to_be_enabled()


def _choose(page: Page, format_name: str) -> Download:
    """Open the menu of formats and take one; the menu closes."""
    page.locator("summary", has_text="Download Dataset").click()
    link = page.get_by_role("link", name=re.compile(f"^{format_name}"))
    with page.expect_download() as download:
        link.click()
    expect(link).to_be_hidden()
    return download.value


def _names(download: Download) -> set[str]:
    return set(zipfile.ZipFile(io.BytesIO(download.path().read_bytes())).namelist())


def test_a_dataset_downloads_with_its_labels_and_shards(page: Page, team: Team, small_zip: Path) -> None:
    imported(team, small_zip)
    page.goto("/datasets/")
    page.get_by_label("Select cones, gym").check()
    download = _choose(page, "TFRecord .Object Detection")
    assert download.suggested_filename == "cones-gym-records.zip"
    assert "label.pbtxt" in _names(download)


def test_a_dataset_downloads_in_the_format_that_is_chosen(page: Page, team: Team, small_zip: Path) -> None:
    dataset = imported(team, small_zip)
    page.goto("/datasets/")
    page.get_by_label("Select cones, gym").check()
    download = _choose(page, "Pascal VOC")
    assert download.suggested_filename == "cones-gym-voc.zip"
    assert "Annotations/frame-3.xml" in _names(download)

    page.goto(f"/datasets/{dataset.pk}/")
    page.locator("summary", has_text="Download Dataset").press("Enter")
    formats = page.locator(".menu-list").get_by_role("link")
    expect(formats).to_have_count(len(WRITTEN))
    page.keyboard.press("Escape")
    expect(formats.first).to_be_hidden()
    assert _choose(page, "Pascal VOC").suggested_filename == "cones-gym-voc.zip"


def test_a_dataset_is_deleted_after_asking(page: Page, team: Team) -> None:
    DatasetFactory(team=team, description="old")
    page.goto("/datasets/")
    page.get_by_label("Select old").check()
    page.get_by_role("button", name="Delete Datasets").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Start with your pictures")).to_be_visible()
    assert not Dataset.objects.exists()


def test_a_dataset_in_use_stays_and_its_models_are_named(page: Page, team: Team) -> None:
    used = TrainingJobFactory(team=team, description="cone finder").datasets.get()
    page.goto("/datasets/")
    page.get_by_label(f"Select {used.description}").check()
    page.get_by_role("button", name="Delete Datasets").click()
    expect(page.get_by_role("dialog")).to_contain_text("cone finder")
    expect(page.get_by_role("button", name="Delete 1 Dataset")).to_be_hidden()
    page.get_by_role("button", name="OK").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("link", name=used.description)).to_be_visible()


def test_frames_are_shown_with_their_boxes(page: Page, team: Team, small_zip: Path) -> None:
    imported(team, small_zip)
    page.goto("/datasets/")
    page.get_by_role("link", name="cones, gym").click()
    expect(page.get_by_role("heading", name="Frames 12")).to_be_visible()
    picture = page.get_by_role("img", name="frame-3.jpg, 1 box")
    expect(picture).to_have_js_property("naturalWidth", 160)
    box = page.get_by_role("listitem").filter(has=picture).locator("rect")
    assert [box.get_attribute(name) for name in ("x", "y", "width", "height")] == ["23", "20", "50", "60"]
    picture.click()
    expect(page.get_by_role("dialog")).to_contain_text("160 × 120: cone")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Without boxes", exact=True).click()
    expect(page.get_by_role("img", name="0 boxes")).to_have_count(1)


def test_many_frames_come_in_pages(page: Page, team: Team, tmp_path: Path) -> None:
    dataset = imported(team, write_zip(tmp_path / "many.zip", frames=30))
    page.goto(f"/datasets/{dataset.pk}/")
    expect(page.locator(".gallery li")).to_have_count(24)
    page.get_by_role("link", name="2", exact=True).click()
    expect(page.locator(".gallery li")).to_have_count(6)


def test_many_labels_stay_on_a_low_row_until_one_asks_for_all(page: Page, team: Team) -> None:
    labels = [f"label {number}" for number in range(60)]
    DatasetFactory(team=team, description="many", labels=labels, counts=counts(labels=tuple(labels)))
    page.goto("/datasets/")
    row = page.get_by_role("row", name="many")
    expect(row.locator(".label-chip:visible")).to_have_count(5)
    assert place_of(row)["height"] < 100
    row.get_by_text("+55").click()
    expect(row.locator(".label-chip:visible")).to_have_count(60)


def test_rows_stay_where_they_are_when_one_is_selected(page: Page, team: Team) -> None:
    DatasetFactory(team=team, description="gym", labels=["cone", "cube"])
    DatasetFactory(team=team, description="pit", labels=["cone"])
    page.goto("/datasets/")
    row = page.get_by_role("row", name="gym")
    for size in ({"width": 1280, "height": 720}, {"width": 390, "height": 844}):
        page.set_viewport_size(size)
        before = place_of(row)["y"]
        page.get_by_label("Select gym").check()
        expect(page.get_by_text("1 selected.")).to_be_visible()
        assert place_of(row)["y"] == pytest.approx(before, abs=1)
        page.get_by_label("Select gym").uncheck()
        expect(page.locator("#why-not")).to_have_text("Select a dataset first.")


def test_the_table_begins_right_below_one_line_of_buttons(page: Page, team: Team) -> None:
    DatasetFactory(team=team)
    TrainingJobFactory(team=team)
    for address in ("/datasets/", "/models/"):
        page.goto(address)
        assert place_of(page.get_by_role("table"))["y"] <= 120
        expect(page.get_by_role("search")).to_be_hidden()


def test_search_comes_with_twenty_rows_and_stays_while_it_is_used(page: Page, team: Team) -> None:
    DatasetFactory.create_batch(20, team=team)
    page.goto("/datasets/")
    expect(page.get_by_role("search", name="Find datasets")).to_be_visible()
    Dataset.objects.filter(pk__in=[one.pk for one in Dataset.objects.all()[:15]]).delete()
    page.goto("/datasets/?state=READY")
    expect(page.get_by_role("search", name="Find datasets")).to_be_visible()


def test_a_button_that_is_off_says_why_to_mouse_keyboard_and_touch(page: Page, team: Team) -> None:
    DatasetFactory(team=team)
    page.goto("/datasets/")
    delete = page.get_by_role("button", name="Delete Datasets")
    why = page.locator("#delete-why")
    expect(why).to_be_hidden()
    delete.hover()
    expect(why).to_be_visible()
    page.mouse.move(0, 0)
    expect(why).to_be_hidden()
    delete.focus()
    expect(why).to_be_visible()
    page.keyboard.press("Escape")
    expect(why).to_be_hidden()
    delete.dispatch_event("click")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_dialog_that_takes_long_to_come_says_so_at_once(page: Page, team: Team) -> None:
    page.goto("/datasets/")
    held: list[Route] = []
    page.route("**/datasets/import/", lambda route: held.append(route))
    page.get_by_role("button", name="Import Dataset").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Loading…")).to_be_visible(timeout=2000)
    held[0].continue_()
    expect(dialog.get_by_role("heading", name="Import")).to_be_visible()
    assert page.evaluate("document.querySelector('dialog').contains(document.activeElement)")

    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Import Dataset").click()
    expect(dialog.get_by_role("heading", name="Loading…")).to_be_visible()
    held[1].abort()
    expect(dialog.get_by_text("The server didn't answer.")).to_be_visible()


def test_a_dialog_closed_before_it_came_stays_closed(page: Page, team: Team) -> None:
    page.goto("/datasets/")
    held: list[Route] = []
    page.route("**/datasets/import/", lambda route: held.append(route))
    page.get_by_role("button", name="Import Dataset").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    with page.expect_event("requestfailed"):
        dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()


CLOSE_AND_OPEN_AGAIN = """opener => {
    document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    opener.click();
}"""


def test_a_dialog_comes_that_is_opened_in_the_moment_another_closes(page: Page, team: Team) -> None:
    page.goto("/datasets/")
    opener = page.locator("main button", has_text="Import Dataset").first
    opener.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Import")).to_be_visible()
    with page.expect_response("**/datasets/import/"):
        opener.evaluate(CLOSE_AND_OPEN_AGAIN)
    expect(dialog.get_by_role("heading", name="Import")).to_be_visible()


def test_a_message_moves_nothing_on_the_page(page: Page, team: Team) -> None:
    DatasetFactory(team=team, description="cones")
    page.goto("/datasets/")
    before = place_of(page.get_by_role("row", name="cones"))["y"]
    page.context.set_offline(True)
    page.get_by_label("Select cones").check()
    expect(page.get_by_text("Connection lost.")).to_be_visible()
    assert place_of(page.get_by_role("row", name="cones"))["y"] == before
