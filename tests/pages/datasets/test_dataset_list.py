"""The Datasets tab's columns sort, its filter filters, its pages keep both, and the selection outlives all of them."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from datasets.models import Dataset
from datasets.pages import datasets
from datasets.services.dataset_list import DatasetList
from ftcml.accounts.models import Team
from tests.factories import DatasetFactory, TrainingJobFactory, counts
from tests.pages.conftest import scrolls_sideways, serious_problems


@pytest.fixture
def three(team: Team) -> list[Dataset]:
    """Three datasets, no two alike in any column; the first is the oldest and the smallest by each."""
    days_ago = [timezone.now() - timedelta(days=days) for days in (3, 2, 1)]
    failed = DatasetFactory(team=team, description="attic", created=days_ago[0], state="FAILED", labels=[], counts={})
    making = DatasetFactory(team=team, description="Pit", created=days_ago[1], state="PRODUCING", labels=[], counts={})
    # Fewer frames than ten by the digits that they begin with, more by their number.
    ready = DatasetFactory(
        team=team, description="pit at night", created=days_ago[2], labels=["Möbel", "red cone"],
        counts=counts(training=9, evaluation=100, labels=("Möbel", "red cone")),
    )  # fmt: skip
    return [failed, making, ready]


def names(team: Team, **asked: str) -> list[str]:
    return [dataset.description for dataset in DatasetList(team, asked).found()]


@pytest.mark.both_databases
@pytest.mark.parametrize("key", ["created", "description", "state"])
def test_every_column_sorts_both_ways(team: Team, three, key: str) -> None:
    assert names(team, sort=key) == ["attic", "Pit", "pit at night"]
    assert names(team, sort=f"-{key}") == ["pit at night", "Pit", "attic"]


@pytest.mark.both_databases
def test_frames_are_counted_over_both_splits_and_compared_as_numbers(team: Team, three) -> None:
    DatasetFactory(team=team, description="small", counts=counts(training=90, evaluation=0))
    assert names(team, sort="frames")[2:] == ["small", "pit at night"]
    assert names(team, sort="-frames")[:2] == ["pit at night", "small"]


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["pit at night", "Pit", "attic"]),
        ({"text": "PIT"}, ["pit at night", "Pit"]),
        ({"text": "red c"}, ["pit at night"]),
        ({"text": "Möbel"}, ["pit at night"]),
        ({"text": "100%"}, []),
        ({"text": '", "'}, []),
        ({"state": "PRODUCING"}, ["Pit"]),
        ({"text": "pit", "state": "READY"}, ["pit at night"]),
    ],
)
def test_each_filter_and_both_together(team: Team, three, asked: dict[str, str], found: list[str]) -> None:
    assert names(team, **asked) == found


@pytest.mark.parametrize(
    "asked", [{"sort": "team"}, {"state": "LOST"}, {"text": "\0"}, {"page": "x"}, {"dataset": "7"}]
)
def test_what_is_not_offered_counts_as_not_given(asked, member_client: Client, team: Team, three) -> None:
    assert names(team, **asked) == ["pit at night", "Pit", "attic"]
    assert member_client.get("/datasets/", asked).status_code == 200


def test_another_teams_datasets_are_neither_found_nor_selected(outsider_client: Client, three) -> None:
    page = outsider_client.get("/datasets/", {"text": "attic", "dataset": three[0].pk}).content.decode()
    assert "No dataset matches" in page
    assert str(three[0].pk) not in page


def test_pages_keep_order_and_filter(member_client: Client, three, monkeypatch) -> None:
    monkeypatch.setattr(datasets, "DATASETS_A_PAGE", 1)
    page = member_client.get("/datasets/", {"sort": "frames", "text": "pit"}).content.decode()
    assert '<a href="?text=pit&amp;sort=frames&amp;page=2" data-page="2">2</a>' in page


@pytest.fixture
def five(team: Team, monkeypatch) -> list[Dataset]:
    """“set 1” to “set 5”, the first one the newest, on pages of two."""
    monkeypatch.setattr(datasets, "DATASETS_A_PAGE", 2)
    now = timezone.now()
    return [
        DatasetFactory(team=team, description=f"set {number}", created=now - timedelta(minutes=number))
        for number in range(1, 6)
    ]


def rows(page: Page) -> Locator:
    return page.locator("tbody .cell-name")


def go_to_page(page: Page, number: int) -> None:
    page.get_by_role("navigation", name="Pages").get_by_role("link", name=str(number), exact=True).click()


@pytest.mark.browser
@pytest.mark.usefixtures("filters_shown")
def test_sorting_and_filter_stay_in_place_and_in_the_address(page: Page, three) -> None:
    page.goto("/datasets/")
    expect(rows(page)).to_have_text(["pit at night", "Pit", "attic"])
    head = page.get_by_role("link", name="Number of Frames")
    head.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("columnheader", name="Number of Frames")).to_have_attribute("aria-sort", "ascending")
    expect(rows(page)).to_have_text(["Pit", "attic", "pit at night"])
    expect(head).to_be_focused()
    page.get_by_label("Search").press_sequentially("pit")
    expect(rows(page)).to_have_text(["Pit", "pit at night"])
    expect(page.get_by_text("2 of your team's datasets match.")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/datasets/\?text=pit&sort=frames$"))
    page.reload()
    expect(rows(page)).to_have_text(["Pit", "pit at night"])
    page.get_by_label("State", exact=True).select_option("FAILED")
    expect(page.get_by_role("heading", name="No dataset matches")).to_be_visible()
    page.get_by_role("link", name="Clear the filter").click()
    expect(rows(page)).to_have_text(["Pit", "attic", "pit at night"])


@pytest.mark.browser
@pytest.mark.usefixtures("filters_shown")
def test_back_undoes_page_order_and_filter_one_by_one(page: Page, five) -> None:
    page.goto("/datasets/")
    go_to_page(page, 2)
    expect(rows(page)).to_have_text(["set 3", "set 4"])
    page.get_by_role("link", name="Description").click()
    expect(rows(page)).to_have_text(["set 1", "set 2"])
    page.get_by_label("Search").press_sequentially("set 4")
    expect(rows(page)).to_have_text(["set 4"])

    page.go_back()
    expect(rows(page)).to_have_text(["set 1", "set 2"])
    expect(page.get_by_label("Search")).to_have_value("")
    expect(page).to_have_url(re.compile(r"\?sort=description$"))
    page.go_back()
    expect(rows(page)).to_have_text(["set 3", "set 4"])
    page.go_back()
    expect(rows(page)).to_have_text(["set 1", "set 2"])
    page.go_forward()
    expect(rows(page)).to_have_text(["set 3", "set 4"])


@pytest.mark.browser
def test_an_import_that_ends_comes_into_a_filtered_table_by_itself(page: Page, team: Team, three) -> None:
    page.goto("/datasets/?state=READY")
    expect(rows(page)).to_have_text(["pit at night"])
    Dataset.objects.filter(description="Pit").update(state="READY", labels=["cone"], counts=counts())
    expect(rows(page)).to_have_text(["pit at night", "Pit"])


@pytest.mark.browser
@pytest.mark.usefixtures("filters_shown")
def test_ticks_stay_over_pages_order_and_filter_until_they_are_taken_away(page: Page, five) -> None:
    page.goto("/datasets/")
    page.get_by_label("Select set 1").check()
    expect(page.get_by_text("1 selected.")).to_be_visible()
    go_to_page(page, 2)
    expect(rows(page)).to_have_text(["set 3", "set 4"])
    expect(page).to_have_url(re.compile(r"/datasets/\?page=2$"))
    page.get_by_label("Select all datasets on this page").check()
    expect(page.get_by_text("3 selected, 1 on other pages.")).to_be_visible()

    page.get_by_label("Search").fill("set 4")
    expect(rows(page)).to_have_text(["set 4"])
    expect(page.get_by_text("3 selected, 2 on other pages.")).to_be_visible()
    page.get_by_label("Search").fill("")
    expect(rows(page)).to_have_text(["set 1", "set 2"])
    expect(page.get_by_label("Select set 1")).to_be_checked()
    expect(page.get_by_label("Select set 2")).not_to_be_checked()
    expect(page.get_by_role("button", name="Start Training")).to_be_enabled()

    page.get_by_role("button", name="Clear selection").click()
    expect(page.locator("#why-not")).to_have_text("Select a dataset first.")
    expect(page.get_by_label("Select set 1")).not_to_be_checked()
    go_to_page(page, 2)
    expect(page.get_by_label("Select set 3")).not_to_be_checked()


@pytest.mark.browser
def test_the_keyboard_ticks_and_shift_ticks_what_lies_between(page: Page, team: Team, five, monkeypatch) -> None:
    monkeypatch.setattr(datasets, "DATASETS_A_PAGE", 20)
    page.goto("/datasets/")
    page.get_by_label("Select set 2").focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("1 selected.")).to_be_visible()
    for _ in range(4):  # the name of the dataset, then the next box
        page.keyboard.press("Tab")
    expect(page.get_by_label("Select set 4")).to_be_focused()
    page.keyboard.press("Shift+Space")
    expect(page.get_by_text("3 selected.")).to_be_visible()
    page.get_by_label("Select set 5").click(modifiers=["Shift"])
    expect(page.get_by_text("4 selected.")).to_be_visible()
    expect(page.get_by_text("Start Training uses all of them for one model.")).to_be_visible()
    page.get_by_label("Select set 2").click(modifiers=["Shift"])
    expect(page.locator("#why-not")).to_have_text("Select a dataset first.")


@pytest.mark.browser
def test_several_are_deleted_over_pages_and_the_dialog_names_what_holds_the_others(
    page: Page, team: Team, five
) -> None:
    TrainingJobFactory(team=team, description="cone finder", dataset=five[0])
    page.goto("/datasets/")
    page.get_by_label("Select all datasets on this page").check()
    expect(page.get_by_text("2 selected.")).to_be_visible()
    go_to_page(page, 3)
    page.get_by_label("Select set 5").check()
    expect(page.get_by_text("3 selected, 2 on other pages.")).to_be_visible()
    page.get_by_role("button", name="Delete Datasets").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Delete 2 datasets?")).to_be_visible()
    expect(dialog).to_contain_text("“set 1” was used to train “cone finder”. The pages of that model")
    expect(dialog.get_by_role("listitem")).to_have_text(["set 2", "set 5"])
    dialog.get_by_role("button", name="Delete").click()
    expect(dialog).to_be_hidden()
    # The third page is gone with its only row: the nearest is shown.
    expect(rows(page)).to_have_text(["set 4"])
    expect(page.get_by_text("1 selected, 1 on other pages.")).to_be_visible()
    assert set(Dataset.objects.values_list("description", flat=True)) == {"set 1", "set 3", "set 4"}


@pytest.mark.browser
def test_many_datasets_can_be_used_by_everybody(page: Page, five) -> None:
    page.goto("/datasets/?text=set&sort=-frames&page=2")
    page.get_by_label("Select set 3").check()
    go_to_page(page, 1)
    expect(page.get_by_text("1 selected, 1 on other pages.")).to_be_visible()
    assert serious_problems(page) == []
    for size in ({"width": 1280, "height": 720}, {"width": 640, "height": 360}):  # the second: at a zoom of 200 %
        page.set_viewport_size(size)
        assert not scrolls_sideways(page)
