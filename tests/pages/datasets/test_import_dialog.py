"""The dialog that imports: a zip file is chosen or dropped, uploaded, and becomes a dataset."""

import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from datasets.importing import producing
from datasets.models import Dataset
from datasets.reasons import Code
from ftcml.accounts.models import Team
from tests.factories import DatasetFactory
from tests.pages.voc_zip import imported, write_zip

pytestmark = pytest.mark.browser


def _open_import(page: Page) -> None:
    page.goto("/datasets/")
    page.get_by_role("button", name="Import Dataset").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def test_a_zip_becomes_a_dataset_while_one_watches(page: Page, small_zip: Path) -> None:
    _open_import(page)
    page.get_by_label("Zip file").set_input_files(small_zip)
    page.get_by_label("Description").fill("cones, gym")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_text("Reading the zip file…")).to_be_visible()

    producing.produce(Dataset.objects.get())  # what the worker does

    row = page.get_by_role("row", name="cones, gym")
    expect(row.get_by_role("cell", name="cone", exact=True)).to_be_visible()
    assert row.get_by_role("cell").all_inner_texts()[3:7] == ["10", "1", "2", "0"]
    page.get_by_text("Pictures with a box cut at the edge: 1").click()
    expect(page.get_by_text("frame-0")).to_be_visible()


def test_a_running_import_shows_how_far_it_is(page: Page, team: Team) -> None:
    dataset = DatasetFactory(team=team, state="PRODUCING", frames_done=30, frames_total=200)
    page.goto("/datasets/")
    expect(page.get_by_text("Importing: 30 of 200 frames")).to_be_visible()
    Dataset.objects.filter(pk=dataset.pk).update(frames_done=90)
    expect(page.get_by_text("Importing: 90 of 200 frames")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_js_property("value", 90)


def test_what_is_no_zip_is_refused_in_the_dialog(page: Page, tmp_path: Path) -> None:
    (tmp_path / "notes.zip").write_text("these are notes")
    _open_import(page)
    page.get_by_label("Zip file").set_input_files(tmp_path / "notes.zip")
    page.get_by_label("Description").fill("cones")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("That isn't a zip file.")
    expect(page.get_by_label("Description")).to_have_value("cones")
    assert page.get_by_label("Zip file").evaluate("field => field.files[0].name") == "notes.zip"


def test_a_file_over_the_limit_is_told_before_it_is_sent(page: Page, small_zip: Path, settings) -> None:
    settings.IMPORT_MAX_ARCHIVE_BYTES = 1000
    _open_import(page)
    expect(page.get_by_text("At most 1000 bytes")).to_be_visible()
    page.get_by_label("Zip file").set_input_files(small_zip)
    expect(page.get_by_role("alert")).to_contain_text("Split it into smaller zip files")
    expect(page.get_by_role("button", name="Import", exact=True)).to_be_disabled()


def test_an_import_that_failed_says_why_in_its_row(page: Page, team: Team, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "empty.zip", "w") as archive:
        archive.writestr("readme.txt", "nothing here")
    failed = imported(team, tmp_path / "empty.zip")
    page.goto("/datasets/")
    expect(page.get_by_text("Not imported.")).to_be_visible()
    expect(page.get_by_text(failed.error)).to_be_visible()


def test_changes_that_failed_are_not_called_an_import(page: Page, team: Team) -> None:
    failed = DatasetFactory(team=team, state="FAILED", is_edited=True, reason_code=Code.DISK_IS_FULL)
    for address in ("/datasets/", f"/datasets/{failed.pk}/"):
        page.goto(address)
        expect(page.get_by_text("Changes not saved.")).to_be_visible()
        expect(page.get_by_text("Not imported.")).to_have_count(0)


@pytest.fixture
def slow_upload(page: Page, tmp_path: Path) -> Page:
    """The page while a zip file of some seconds is on its way."""
    archive = write_zip(tmp_path / "large.zip")
    with zipfile.ZipFile(archive, "a") as extended:
        extended.writestr("padding.bin", bytes(1_000_000))
    _open_import(page)
    page.get_by_label("Zip file").set_input_files(archive)
    page.get_by_label("Description").fill("large")
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 200_000}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", slow)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator("#upload-progress")).to_be_visible()
    return page


def test_an_upload_shows_its_progress(slow_upload: Page) -> None:
    expect(slow_upload.locator("#upload-percent")).to_have_text(re.compile(r"^[1-9]\d%"))
    expect(slow_upload.locator("#upload-pace")).to_have_text("0.2 MB per second, less than a minute left")
    expect(slow_upload.get_by_text("Reading the zip file…")).to_be_visible()


def test_an_upload_can_be_stopped_and_begun_again(slow_upload: Page) -> None:
    slow_upload.get_by_role("button", name="Stop Upload").click()
    expect(slow_upload.locator("#upload-progress")).to_be_hidden()
    slow_upload.get_by_role("button", name="Import", exact=True).click()
    expect(slow_upload.get_by_text("Reading the zip file…")).to_be_visible()
    assert Dataset.objects.count() == 1


@pytest.mark.parametrize("place", ["#dialog", "body"])
def test_a_zip_is_dropped_and_names_the_dataset(page: Page, place: str) -> None:
    page.goto("/datasets/")
    if place == "#dialog":
        page.get_by_role("button", name="Import Dataset").click()
        expect(page.get_by_role("dialog")).to_be_visible()
    _drop(page, place, "red_cones  gym.ZIP")
    expect(page.get_by_label("Description")).to_have_value("red cones gym")
    assert page.get_by_label("Zip file").evaluate("field => field.files[0].name") == "red_cones  gym.ZIP"
    _drop(page, "#dialog", "another.zip")
    expect(page.get_by_label("Description")).to_have_value("another")
    page.get_by_label("Description").fill("my own")
    _drop(page, "#dialog", "a_third_file_with_a_name_that_is_far_too_long.zip")
    expect(page.get_by_label("Description")).to_have_value("my own")
    page.get_by_label("Description").fill("")
    _drop(page, "#dialog", "a_third_file_with_a_name_that_is_far_too_long.zip")
    expect(page.get_by_label("Description")).to_have_value("a third file with a name that")


def _drop(page: Page, place: str, name: str) -> None:
    made = "name => { const data = new DataTransfer(); data.items.add(new File(['x'], name)); return data; }"
    page.dispatch_event(place, "drop", {"dataTransfer": page.evaluate_handle(made, name)})


@pytest.mark.parametrize("way", ["Escape", "Close"])
def test_a_running_upload_is_not_thrown_away_unasked(slow_upload: Page, way: str) -> None:
    page = slow_upload
    for _ in range(2):  # browsers close a dialog at the second Esc, whatever the page says
        _leave_dialog(page, way)
        question = page.get_by_role("alertdialog", name="Leave now?")
        expect(question).to_contain_text("Your upload isn't finished.")
        question.get_by_role("button", name="Stay").click()
        expect(question).to_be_hidden()
    expect(page.get_by_text("Reading the zip file…")).to_be_visible()
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_running_upload_stops_when_one_says_so(slow_upload: Page) -> None:
    _leave_dialog(slow_upload, "Escape")
    slow_upload.get_by_role("button", name="Leave").click()
    expect(slow_upload.get_by_role("dialog")).to_be_hidden()
    expect(slow_upload.get_by_role("heading", name="Start with your pictures")).to_be_visible()
    assert not Dataset.objects.exists()


def test_the_question_goes_when_the_upload_has_ended(slow_upload: Page) -> None:
    _leave_dialog(slow_upload, "Escape")
    expect(slow_upload.get_by_role("alertdialog")).to_be_visible()
    expect(slow_upload.get_by_text("Reading the zip file…")).to_be_visible()
    expect(slow_upload.get_by_role("alertdialog")).to_be_hidden()


def test_the_browser_asks_before_a_page_with_a_running_upload_is_left(slow_upload: Page) -> None:
    with slow_upload.expect_event("dialog") as asked:
        slow_upload.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    expect(slow_upload.get_by_text("Reading the zip file…")).to_be_visible()


def _leave_dialog(page: Page, way: str) -> None:
    if way == "Escape":
        page.keyboard.press("Escape")
    else:
        page.get_by_role("dialog").get_by_role("button", name=way).click()


def test_an_upload_without_a_network_is_told_and_can_be_tried_again(page: Page, small_zip: Path) -> None:
    _open_import(page)
    page.get_by_label("Zip file").set_input_files(small_zip)
    page.get_by_label("Description").fill("cones")
    page.context.set_offline(True)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("dialog").get_by_text("The server didn't answer.")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("Reading the zip file…")).to_be_visible()
