"""From finished frames of two videos to a dataset, in the Produce Dataset dialog."""

import re

import pytest
from playwright.sync_api import Page, expect

from datasets.models import Dataset
from ftcml.accounts.models import Team
from tests.datasets.filming import film
from tests.datasets.producing import import_what_waits
from tests.pages.conftest import scrolls_sideways, serious_problems

pytestmark = pytest.mark.browser


def test_frames_of_two_videos_become_a_dataset_while_one_watches(page: Page, team: Team) -> None:
    field = film(team, frames=30, labels=("duck",), finished=24, description="field")
    pit = film(team, frames=10, labels=("dcuk",), description="pit")
    page.goto("/videos/")
    for video in (field, pit):
        page.get_by_label(f"Select {video}").check()
    page.get_by_role("button", name="Produce Dataset").click()
    dialog = page.get_by_role("dialog")
    produce = dialog.get_by_role("button", name="Produce Dataset")
    expect(dialog.get_by_text("6 frames aren't finished.")).to_be_visible()
    expect(dialog.get_by_text("“dcuk” looks like “duck”.")).to_be_visible()
    assert serious_problems(page) == []

    dialog.get_by_role("button", name="Merge into “duck”").click()
    expect(dialog.get_by_text("looks like")).to_have_count(0)
    expect(dialog.get_by_label("dcuk")).to_have_value("duck")

    dialog.get_by_label("Evaluation frames", exact=True).fill("0")
    expect(produce).to_have_attribute("aria-disabled", "true")
    expect(produce).to_have_accessible_description(re.compile("All 34 frames would be for training."))
    dialog.get_by_label("By whole video").check()
    dialog.get_by_role("group", name="Keep for evaluation").get_by_label("pit").check()
    expect(dialog.locator("#produce-evaluation")).to_have_text("10")
    page.set_viewport_size({"width": 390, "height": 844})
    assert not scrolls_sideways(page)
    page.set_viewport_size({"width": 1280, "height": 720})

    produce.click()
    expect(dialog.get_by_text("Add a short description")).to_be_visible()
    dialog.get_by_label("Description").fill("ducks")
    expect(dialog.locator("#produce-evaluation")).to_have_text("10")
    produce.click()
    expect(dialog.get_by_text("Producing “ducks”")).to_be_visible()
    import_what_waits()
    dialog.get_by_role("link", name="Open “ducks”").click()
    expect(page.get_by_text("Produced from “field” and “pit”. Whole videos are held back")).to_be_visible()
    assert Dataset.objects.get().labels == ["duck"]
