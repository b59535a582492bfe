"""The page of one dataset: what is worth knowing before training on it, and its frames."""

from dataclasses import asdict
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from datasets.importing import producing
from datasets.inspection import inspecting
from datasets.inspection.findings import VERSION
from datasets.models import Dataset, Frame
from datasets.services import editing, imports
from datasets.split import Split
from ftcml.accounts.models import Team
from ftcml.core.pictures.near_duplicates import NearDuplicates
from tests.datasets.archives import one_frame, picture, write_zip
from tests.datasets.producing import import_what_waits
from tests.factories import DatasetFactory, TrainingJobFactory, counts
from tests.pages.conftest import place_of, scrolls_sideways, serious_problems

pytestmark = pytest.mark.browser

NEAR_BALL = ("ball", 20, 20, 80, 80)
# 4 of 160 pixels are 8 of the model's 320.
FAR_BALL = ("ball", 100, 20, 104, 40)
CUBE = ("cube", 90, 60, 150, 110)


@pytest.fixture
def dataset(team: Team, tmp_path: Path) -> Dataset:
    """Four frames to train on and two for evaluation, one of which is a training frame stored once more."""
    upright, turned = picture(), picture(orientation=8)
    files = one_frame(upright, [NEAR_BALL], "train/near.jpg")
    files |= one_frame(upright, [FAR_BALL, CUBE], "train/far.jpg")
    files |= one_frame(upright, [CUBE], "train/cube.jpg")
    files |= {"train/floor.jpg": upright}
    files |= one_frame(picture(kind="PNG"), [NEAR_BALL], "val/again.png")
    files |= one_frame(turned, [NEAR_BALL], "val/turned.jpg", size=None)
    archive = write_zip(tmp_path / "set.zip", files)
    dataset = imports.request_import(team, None, archive, "balls and cubes")
    producing.produce(dataset)
    assert dataset.state == Dataset.State.READY, dataset.error
    return dataset


def names(page: Page) -> list[str]:
    return page.locator("#frames .file-name").all_inner_texts()


def test_what_to_do_stands_before_the_frames(page: Page, dataset: Dataset) -> None:
    page.goto(f"/datasets/{dataset.pk}/")
    warnings = page.get_by_role("region", name="Before you train").get_by_role("listitem")
    expect(warnings.filter(has_text="1 of 2 evaluation frames has a near-duplicate")).to_contain_text(
        "Delete the near-duplicates"
    )
    expect(warnings.filter(has_text="Only 4 training frames")).to_contain_text("Label at least 50")
    expect(warnings.filter(has_text="No evaluation frame shows “cube”")).to_be_visible()
    warnings.filter(has_text="1 box of “ball” is under 10 pixels").get_by_role("link").click()
    expect(page.get_by_role("heading", name="Frames 1")).to_be_visible()
    assert names(page) == ["far.jpg"]


def test_the_sizes_of_boxes_are_told_label_by_label(page: Page, dataset: Dataset) -> None:
    page.goto(f"/datasets/{dataset.pk}/")
    row = page.get_by_role("row", name="ball")
    assert row.get_by_role("cell").all_inner_texts()[:2] == ["2", "2"]
    expect(row.get_by_role("link", name="1 (25%)")).to_be_visible()
    row.get_by_role("link", name="1 (25%)").click()
    expect(page.get_by_role("heading", name="Frames 1")).to_be_visible()
    assert names(page) == ["far.jpg"]


def test_filters_narrow_each_other_and_stand_in_the_address(page: Page, dataset: Dataset) -> None:
    page.goto(f"/datasets/{dataset.pk}/")
    page.get_by_role("link", name="Training", exact=True).click()
    expect(page.get_by_role("heading", name="Frames 4")).to_be_visible()
    page.get_by_label("Label", exact=True).select_option("ball")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", name="Frames 2")).to_be_visible()
    page.get_by_role("link", name="With a box under 10 pixels").click()
    expect(page.get_by_role("heading", name="Frames 1")).to_be_visible()
    assert names(page) == ["far.jpg"]
    page.reload()
    expect(page.get_by_role("link", name="Training", exact=True)).to_have_attribute("aria-current", "true")
    expect(page.get_by_label("Label", exact=True)).to_have_value("ball")
    page.get_by_role("link", name="Without boxes", exact=True).click()
    expect(page.get_by_text("No frames match.")).to_be_visible()
    page.get_by_role("link", name="Show all frames").click()
    expect(page.get_by_role("heading", name="Frames 6")).to_be_visible()


def test_near_duplicates_are_shown_side_by_side(page: Page, dataset: Dataset) -> None:
    page.goto(f"/datasets/{dataset.pk}/")
    page.get_by_role("link", name="Show them side by side").click()
    pair = page.locator("#near-duplicates .gallery")
    expect(pair.get_by_role("img", name="again.png")).to_be_visible()
    expect(pair.locator("figcaption")).to_contain_text(["evaluation", "training"])


def test_arrow_keys_turn_to_the_next_frame_of_those_shown(page: Page, dataset: Dataset) -> None:
    page.goto(f"/datasets/{dataset.pk}/?label=cube")
    page.get_by_role("img", name="cube.jpg").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="cube.jpg")).to_be_visible()
    expect(dialog).to_contain_text("1 of 2 frames")
    page.keyboard.press("ArrowRight")
    expect(dialog.get_by_role("heading", name="far.jpg")).to_be_visible()
    expect(dialog.get_by_role("button", name="Next")).to_be_disabled()
    page.keyboard.press("ArrowRight")
    dialog.get_by_role("button", name="Previous").press("Enter")
    expect(dialog.get_by_role("heading", name="cube.jpg")).to_be_visible()
    expect(dialog.get_by_role("button", name="Next")).to_be_focused()
    assert serious_problems(page) == []


def test_a_dataset_imported_earlier_is_looked_at_meanwhile(page: Page, team: Team) -> None:
    dataset = DatasetFactory(team=team, labels=["raccoon"])
    Frame.objects.create(dataset=dataset, split=Split.TRAINING, number=0, filename="a.jpg", width=10, height=10)
    page.goto(f"/datasets/{dataset.pk}/")
    expect(page.get_by_text("0 frames done")).to_be_visible()
    assert serious_problems(page) == []
    inspecting.inspect(dataset)
    expect(page.get_by_role("region", name="Before you train")).to_be_visible()


@pytest.mark.parametrize("width", [1366, 1280, 640])
def test_nothing_scrolls_sideways_and_axe_finds_nothing(width: int, page: Page, dataset: Dataset) -> None:
    page.set_viewport_size({"width": width, "height": 720})
    page.goto(f"/datasets/{dataset.pk}/#near-duplicates")
    expect(page.locator("#near-duplicates").get_by_role("img", name="again.png")).to_be_visible()
    assert not scrolls_sideways(page)
    assert serious_problems(page) == []


def test_boxes_are_drawn_in_the_gallery_among_near_duplicates_and_in_the_dialog(page: Page, dataset: Dataset) -> None:
    page.goto(f"/datasets/{dataset.pk}/")
    frame = page.locator("#frames li").filter(has_text="far.jpg")
    expect(frame.locator(".box text")).to_have_text(["ball", "cube"])
    page.locator("#near-duplicates summary").click()
    expect(page.locator("#near-duplicates .box")).to_have_count(2)

    frame.get_by_role("button").click()
    expect(page.get_by_role("dialog").locator(".box text")).to_have_text(["ball", "cube"])
    words = page.get_by_role("dialog").locator(".box text").first.bounding_box()
    assert words["height"] < 30  # as large as the page's words, however large the picture is


def save(page: Page) -> None:
    """Save the changes, as a person and then a worker does."""
    page.get_by_role("button", name="Save Changes").click()
    page.get_by_role("dialog").locator("#save-submit").click()
    expect(page.get_by_text("Saving your changes")).to_be_visible()
    import_what_waits()
    editing.settle()
    expect(page.get_by_role("heading", name="Frames")).to_be_visible()


def test_training_starts_from_the_page(page: Page, dataset: Dataset, training_worker) -> None:
    page.goto(f"/datasets/{dataset.pk}/")
    page.get_by_role("button", name="Start Training").click()
    expect(page.get_by_role("dialog", name="Start Training")).to_be_visible()
    page.locator("#id_training_steps").fill("10")
    page.locator("#use-advised").click()
    expect(page.locator("#id_training_steps")).not_to_have_value("10")


def test_a_dataset_gets_another_name(page: Page, dataset: Dataset) -> None:
    page.goto(f"/datasets/{dataset.pk}/")
    page.get_by_role("button", name="Rename").click()
    page.get_by_label("Name", exact=True).fill("   ")
    page.get_by_role("dialog").get_by_role("button", name="Rename").click()
    expect(page.get_by_text("Enter a name.")).to_be_visible()
    page.get_by_label("Name", exact=True).fill("gym, Saturday")
    page.get_by_role("dialog").get_by_role("button", name="Rename").click()
    expect(page.get_by_role("heading", name="gym, Saturday")).to_be_visible()


def test_labels_are_renamed_merged_and_deleted_and_saved_together(page: Page, dataset: Dataset) -> None:
    page.goto(f"/datasets/{dataset.pk}/")
    page.get_by_role("button", name="Change the label ball").click()
    page.get_by_label("Name", exact=True).fill("cube")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("This dataset already has a label “cube”.")
    page.get_by_role("button", name="Merge into “cube”").click()
    expect(page.get_by_text("“ball” will be merged into “cube”.")).to_be_visible()
    page.get_by_role("button", name="Undo the change of the label ball").click()
    expect(page.get_by_text("Not saved yet")).to_be_hidden()
    page.get_by_role("button", name="Change the label ball").click()
    page.get_by_role("button", name="Delete Label").click()
    page.get_by_role("button", name="Change the label cube").click()
    page.get_by_role("button", name="Delete Label").click()
    expect(page.get_by_role("alert")).to_contain_text("is the only label left")
    page.get_by_label("Name", exact=True).fill("block")
    page.get_by_role("button", name="Rename Label").click()
    expect(page.get_by_text("“cube” will be renamed “block”.")).to_be_visible()
    save(page)
    expect(page.get_by_role("row", name="block")).to_be_visible()
    assert [one.labels for one in Dataset.objects.all()] == [["block"]]


def test_frames_are_deleted_and_moved_one_after_the_other(page: Page, dataset: Dataset) -> None:
    page.goto(f"/datasets/{dataset.pk}/")
    page.get_by_role("button", name="near.jpg").click()
    page.get_by_role("button", name="Move to Evaluation").click()
    expect(page.get_by_text("Will evaluate when you save your changes.")).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.get_by_role("dialog").get_by_role("button", name="Delete Frame").click()
    expect(page.get_by_text("Will be deleted when you save your changes.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("1 frame will be deleted.")).to_be_visible()
    expect(page.locator("#frames .edit-mark")).to_have_text(["Will evaluate", "Will be deleted"])
    expect(page.locator("#frames svg[data-boxes] .box")).to_have_count(6)
    assert serious_problems(page) == []
    save(page)
    copy = Dataset.objects.get()
    assert [copy.counts[split]["frames"] for split in Split.values] == [3, 2]


def test_a_dataset_that_a_model_uses_is_copied(page: Page, dataset: Dataset) -> None:
    TrainingJobFactory(team=dataset.team, dataset=dataset, labels=dataset.labels)
    editing.delete_label(dataset, "cube")
    page.goto(f"/datasets/{dataset.pk}/")
    page.get_by_role("button", name="Save Changes").click()
    expect(page.get_by_text("so it stays as it is")).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_have_value("balls and cubes (changed)")
    page.get_by_label("Name", exact=True).fill("balls")
    page.get_by_role("button", name="Make a Copy").click()
    expect(page.get_by_role("heading", name="balls", exact=True)).to_be_visible()
    assert Dataset.objects.count() == 2


def test_changes_are_discarded(page: Page, dataset: Dataset) -> None:
    editing.delete_label(dataset, "cube")
    page.goto(f"/datasets/{dataset.pk}/")
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_text("Not saved yet")).to_be_hidden()


def test_many_labels_scroll_inside(page: Page, team: Team) -> None:
    labels = [f"label {number:02d}" for number in range(60)]
    dataset = DatasetFactory(
        team=team, labels=labels, counts=counts(labels=tuple(labels)), inspection_version=VERSION,
        inspection={"sizes": dict.fromkeys(labels, [0] * 6), "near_duplicates": asdict(NearDuplicates(0, 0, []))},
    )  # fmt: skip
    for width, height in ((1280, 720), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"/datasets/{dataset.pk}/")
        panel = page.locator(".labels-panel")
        assert place_of(panel)["height"] < 500
        assert place_of(panel.locator("caption"))["width"] <= place_of(panel)["width"]
        panel.evaluate("panel => panel.scrollTo(0, 600)")
        heading = page.get_by_role("columnheader", name="Label", exact=False).first
        assert abs(place_of(heading)["y"] - place_of(panel)["y"]) < 100
        assert not scrolls_sideways(page)
        assert serious_problems(page) == []
