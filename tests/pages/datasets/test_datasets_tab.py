import io
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Download, Page, Route, expect

from datasets.formats.catalog import WRITTEN
from datasets.importing import producing
from datasets.models import Dataset
from datasets.reasons import Code
from datasets.sample import sample_dataset
from datasets.services import imports
from datasets.services.imports import ImportChoices
from ftcml.accounts.models import Team
from tests.factories import DatasetFactory, TrainingJobFactory, add_model, counts
from tests.pages.conftest import place_of, serious_problems
from tests.pages.voc_zip import write_zip

pytestmark = pytest.mark.browser


def _imported(team: Team, archive: Path) -> Dataset:
    dataset = imports.request_import(team, None, archive, "cones, gym", ImportChoices(25))
    producing.produce(dataset)
    dataset.refresh_from_db()
    return dataset


def _open_import(page: Page) -> None:
    page.goto("/datasets/")
    page.get_by_role("button", name="Import Dataset").click()
    expect(page.get_by_role("dialog")).to_be_visible()


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
        *("Total", "Negative", "Total", "Negative"),
    ]
    row = page.get_by_role("row", name="cones")
    assert row.get_by_role("cell").all_inner_texts()[2:] == ["cones", "1,300", "0", "325", "0", "cone", "READY"]
    expect(page.get_by_text("600 training minutes left")).to_be_visible()


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
    failed = _imported(team, tmp_path / "empty.zip")
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
    expect(page.locator("#why-not")).to_contain_text("“pit” has no “cube”")
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
    link = page.get_by_role("link", name=format_name)
    with page.expect_download() as download:
        link.click()
    expect(link).to_be_hidden()
    return download.value


def _names(download: Download) -> set[str]:
    return set(zipfile.ZipFile(io.BytesIO(download.path().read_bytes())).namelist())


def test_a_dataset_downloads_with_its_labels_and_shards(page: Page, team: Team, small_zip: Path) -> None:
    _imported(team, small_zip)
    page.goto("/datasets/")
    page.get_by_label("Select cones, gym").check()
    download = _choose(page, "TFRecord")
    assert download.suggested_filename == "cones-gym-records.zip"
    assert "label.pbtxt" in _names(download)


def test_a_dataset_downloads_in_the_format_that_is_chosen(page: Page, team: Team, small_zip: Path) -> None:
    dataset = _imported(team, small_zip)
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
    _imported(team, small_zip)
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
    page.get_by_role("link", name="Negative").click()
    expect(page.get_by_role("img", name="0 boxes")).to_have_count(1)


def test_many_frames_come_in_pages(page: Page, team: Team, tmp_path: Path) -> None:
    dataset = _imported(team, write_zip(tmp_path / "many.zip", frames=30))
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


def test_a_message_moves_nothing_on_the_page(page: Page, team: Team) -> None:
    DatasetFactory(team=team, description="cones")
    page.goto("/datasets/")
    before = place_of(page.get_by_role("row", name="cones"))["y"]
    page.context.set_offline(True)
    page.get_by_label("Select cones").check()
    expect(page.get_by_text("Connection lost.")).to_be_visible()
    assert place_of(page.get_by_role("row", name="cones"))["y"] == before
