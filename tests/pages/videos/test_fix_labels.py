"""From a wrong label on a model's Images page to the frame where it is mended, and from there to other programs."""

import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bench.pages.made_job import make_job
from datasets.importing.to_frames import taking_in
from datasets.inspection import inspecting
from datasets.models import Dataset
from ftcml.accounts.models import Team
from videos.models import Video

pytestmark = pytest.mark.browser


def test_a_wrong_label_is_mended_where_it_came_from(page: Page, team: Team) -> None:
    job = make_job(team, steps=100, frames=3, labels=["ball", "cone", "cube"])
    dataset = job.datasets.get()
    Dataset.objects.filter(pk=dataset.pk).update(description="gym")
    inspecting.inspect(dataset)

    page.goto(f"/models/{job.pk}/images/")
    second = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="made-0001.jpg"))
    second.get_by_role("link", name="Fix this label").click()
    expect(page.get_by_role("heading", name="Fix labels")).to_be_visible()
    page.get_by_role("button", name="Open Frames").click()
    expect(page.get_by_text("Frame 2 of 3", exact=True)).to_be_visible()
    assert f"/videos/{Video.objects.get().pk}/label/?frame=1" in page.url
    expect(page.locator("#stage .box")).not_to_have_count(0)

    # Next time it leads there at once, from the picture's dialog and from the dataset's page as well.
    page.goto(f"/models/{job.pk}/images/")
    page.get_by_role("heading", name="made-0002.jpg").locator("xpath=ancestor::article").get_by_role(
        "button"
    ).first.click()
    page.get_by_role("dialog").get_by_role("link", name="Fix this label").click()
    expect(page.get_by_text("Frame 3 of 3", exact=True)).to_be_visible()
    page.goto(f"/datasets/{dataset.pk}/")
    page.get_by_role("button", name="made-0000.jpg").click()
    page.get_by_role("dialog").get_by_role("link", name="Fix this label").click()
    expect(page.get_by_text("Frame 1 of 3", exact=True)).to_be_visible()
    page.goto(f"/datasets/{dataset.pk}/")
    page.get_by_role("link", name="Fix Labels").click()
    expect(page.get_by_text("Frame 1 of 3", exact=True)).to_be_visible()

    page.get_by_role("link", name="gym").click()

    page.locator("summary", has_text="Export Labels").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="YOLO").click()
    assert download.value.suggested_filename == "gym-yolo.zip"
    with zipfile.ZipFile(download.value.path()) as archive:
        assert "labels/train/made-0001.txt" in archive.namelist()


def test_a_zip_file_becomes_frames_to_label(page: Page, small_zip: Path) -> None:
    page.goto("/datasets/")
    page.get_by_role("button", name="Import Dataset").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Zip file").set_input_files(small_zip)
    dialog.get_by_label("Description").fill("cones")
    expect(dialog.get_by_label("Evaluation frames")).to_be_visible()
    dialog.get_by_label("Frames to label").check()
    expect(dialog.get_by_label("Evaluation frames")).to_be_hidden()
    dialog.get_by_role("button", name="Import", exact=True).click()
    expect(page).to_have_url(re.compile(r"/videos/$"))
    expect(page.get_by_role("row", name="cones")).to_be_visible()
    taking_in.take_in(Video.objects.get())  # what the worker does
    expect(page.get_by_role("row", name="cones")).to_contain_text("READY")
    page.get_by_role("link", name="cones").click()
    expect(page.get_by_role("heading", name="Frames 12")).to_be_visible()
    expect(page.get_by_text("Pictures with a box cut at the edge: 1")).to_be_visible()
