"""The page of one dataset: what is worth knowing before training on it, and its frames."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from datasets.importing import producing
from datasets.inspection import inspecting
from datasets.models import Dataset, Frame
from datasets.services import imports
from datasets.split import Split
from ftcml.accounts.models import Team
from tests.datasets.archives import one_frame, picture, write_zip
from tests.factories import DatasetFactory
from tests.pages.conftest import scrolls_sideways, serious_problems

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
    expect(warnings.filter(has_text="1 of 2 evaluation frames looks almost like")).to_contain_text(
        "folders named train"
    )
    expect(warnings.filter(has_text="Only 4 frames to train on")).to_contain_text("Label at least 50")
    expect(warnings.filter(has_text="No evaluation frame shows “cube”")).to_be_visible()
    warnings.filter(has_text="Many boxes of “ball” are under 10 pixels").get_by_role("link").click()
    expect(page.get_by_role("heading", name="Frames 1")).to_be_visible()
    assert names(page) == ["far.jpg"]


def test_the_sizes_of_boxes_are_told_label_by_label(page: Page, dataset: Dataset) -> None:
    page.goto(f"/datasets/{dataset.pk}/")
    row = page.get_by_role("row", name="ball")
    assert row.get_by_role("cell").all_inner_texts()[:2] == ["2", "2"]
    expect(row.get_by_role("link", name="1 (25 %)")).to_be_visible()
    row.get_by_role("link", name="1 (25 %)").click()
    expect(page.get_by_role("heading", name="Frames 1")).to_be_visible()
    assert names(page) == ["far.jpg"]


def test_filters_narrow_each_other_and_stand_in_the_address(page: Page, dataset: Dataset) -> None:
    page.goto(f"/datasets/{dataset.pk}/")
    page.get_by_role("link", name="Training", exact=True).click()
    expect(page.get_by_role("heading", name="Frames 4")).to_be_visible()
    page.get_by_label("Label", exact=True).select_option("ball")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", name="Frames 2")).to_be_visible()
    page.get_by_role("link", name="A box under 10 px").click()
    expect(page.get_by_role("heading", name="Frames 1")).to_be_visible()
    assert names(page) == ["far.jpg"]
    page.reload()
    expect(page.get_by_role("link", name="Training", exact=True)).to_have_attribute("aria-current", "true")
    expect(page.get_by_label("Label", exact=True)).to_have_value("ball")
    page.get_by_role("link", name="Negative").click()
    expect(page.get_by_text("No frame of this dataset is like that.")).to_be_visible()
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
    expect(page.get_by_text("0 frames looked at so far")).to_be_visible()
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
