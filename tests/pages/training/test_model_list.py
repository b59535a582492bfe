"""The Models tab's columns sort, its filter filters, and both stay."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags
from playwright.sync_api import Page, expect

from ftcml.accounts.models import Team
from ftcml.accounts.services import ledger
from tests.factories import DatasetFactory, TrainingJobFactory, add_best
from training.models import TrainingJob
from training.pages import models_tab
from training.pages.model_list import ModelList
from training.states import JobState

FPNLITE = "SSD MobileNet V2 FPNLite 320x320"


@pytest.fixture
def three(team: Team) -> list[TrainingJob]:
    """Three models, no two alike in any column: the first is the oldest and the smallest by each."""
    gym, pit = (DatasetFactory(team=team, description=name) for name in ("gym", "pit"))
    days_ago = [timezone.now() - timedelta(days=days) for days in (3, 2, 1)]
    first = TrainingJobFactory(
        team=team, dataset=gym, description="apple", created=days_ago[0], starting_model=FPNLITE, steps_requested=200,
        state=JobState.CANCELED,
    )  # fmt: skip
    second = TrainingJobFactory(
        team=team, dataset=pit, description="Balls", created=days_ago[1], steps_requested=400, state=JobState.STOPPED,
        steps_completed=100, training_seconds=60,
    )  # fmt: skip
    third = TrainingJobFactory(
        team=team, dataset=pit, description="zebra balls", created=days_ago[2], steps_requested=600,
        state=JobState.SUCCEEDED, steps_completed=600, training_seconds=120, parent=second,
    )  # fmt: skip
    return [first, second, third]


def names(team: Team, **asked: str) -> list[str]:
    return [job.description for job in ModelList(team, asked).found()]


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("key", "ascending"),
    [
        ("created", ["apple", "Balls", "zebra balls"]),
        ("description", ["apple", "Balls", "zebra balls"]),
        ("starting_model", ["zebra balls", "Balls", "apple"]),  # "Balls", "SSD … v2 320x320", "SSD … V2 FPNLite …"
        ("state", ["apple", "Balls", "zebra balls"]),
        ("steps_completed", ["apple", "Balls", "zebra balls"]),
        ("training_seconds", ["apple", "Balls", "zebra balls"]),
    ],
)
def test_every_column_sorts_both_ways(team: Team, three, key: str, ascending: list[str]) -> None:
    assert names(team, sort=key) == ascending
    assert names(team, sort=f"-{key}") == ascending[::-1]


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("key", "ascending"),
    [
        ("found", ["apple", "zebra balls", "Balls"]),  # nothing, 90 of 100, 95 of 100
        ("false_alarms", ["apple", "Balls", "zebra balls"]),
        ("ap50", ["apple", "zebra balls", "Balls"]),
    ],
)
def test_accuracy_sorts_and_what_was_not_measured_counts_as_least(team: Team, three, key, ascending) -> None:
    for job, found, false_alarms, ap50 in ((three[1], 95, 0, 0.99), (three[2], 90, 4, 0.91)):
        add_best(job, 100)
        counted = {"objects_there": 100, "objects_found": found, "false_alarms": false_alarms, "ap50": ap50}
        job.checkpoints.update(**counted)
    assert names(team, sort=key) == ascending
    assert names(team, sort=f"-{key}") == ascending[::-1]


@pytest.mark.parametrize(("found", "shown"), [(100, "100%"), (999, "99%"), (None, "–")])
def test_a_row_says_how_much_the_best_checkpoint_finds(member_client: Client, team: Team, found, shown) -> None:
    job = TrainingJobFactory(team=team, state=JobState.SUCCEEDED)
    add_best(job, 100)
    there = 1000 if found == 999 else 100
    job.checkpoints.update(objects_there=there, objects_found=found)
    row = member_client.get("/models/").content.decode().split("<tbody>")[1]
    assert shown in row


def test_more_training_counts_its_steps_from_the_beginning(member_client: Client, team: Team) -> None:
    """Not “100 requested, 300 completed”."""
    TrainingJobFactory(team=team, state=JobState.SUCCEEDED, first_step=200, steps_requested=100, steps_completed=300)
    assert "<strong>300</strong> of 300" in member_client.get("/models/").content.decode()


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["zebra balls", "Balls", "apple"]),
        ({"text": "BALL"}, ["zebra balls", "Balls"]),
        ({"text": "100%"}, []),
        ({"state": "STOPPED"}, ["Balls"]),
        ({"starting_model": FPNLITE}, ["apple"]),
        ({"starting_model": "Balls"}, ["zebra balls"]),
        ({"dataset": "pit"}, ["zebra balls", "Balls"]),
        ({"dataset": "pit", "text": "zebra"}, ["zebra balls"]),
    ],
)
def test_each_filter_and_all_together(team: Team, three, asked: dict[str, str], found: list[str]) -> None:
    ids = {dataset.description: str(dataset.pk) for job in three for dataset in job.datasets.all()}
    if "dataset" in asked:
        asked = {**asked, "dataset": ids[asked["dataset"]]}
    assert names(team, **asked) == found


@pytest.mark.parametrize(
    "asked",
    [{"sort": "lease_owner"}, {"state": "LOST"}, {"starting_model": "YOLO"}, {"dataset": "7"}, {"page": "x"}],
)
def test_what_is_not_offered_counts_as_not_given(asked, member_client: Client, team: Team, three) -> None:
    assert names(team, **asked) == ["zebra balls", "Balls", "apple"]
    assert member_client.get("/models/", asked).status_code == 200


def test_another_teams_models_and_datasets_are_not_offered(outsider_client: Client, three) -> None:
    page = outsider_client.get("/models/", {"text": "apple", "job": three[0].pk}).content.decode()
    assert str(three[0].pk) not in page
    assert "gym" not in page
    assert FPNLITE not in page


def test_children_and_filters_cost_no_query_a_row(member_client: Client, team: Team, three) -> None:
    """The first list of a new team takes seven queries more, whatever its length: they open the team's account."""

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            member_client.get("/models/table/", {"sort": "starting_model", "text": "a"})
        return len(asked)

    ledger.balance_of(team)
    few = queries()
    TrainingJobFactory.create_batch(20, team=team, description="a child", parent=three[0], state="STOPPED")
    assert queries() == few <= 11


def test_pages_keep_order_and_filter(member_client: Client, three, monkeypatch) -> None:
    monkeypatch.setattr(models_tab, "MODELS_A_PAGE", 1)
    page = member_client.get("/models/", {"sort": "steps_completed", "text": "ball"}).content.decode()
    assert '<a href="?text=ball&amp;sort=steps_completed&amp;page=2" data-page="2">2</a>' in page


def shown(page: Page) -> list[str]:
    return page.locator("tbody .cell-name").all_inner_texts()


@pytest.mark.browser
def test_sorting_keeps_ticks_focus_and_address(page: Page, three) -> None:
    page.goto("/models/")
    expect(page.locator("tbody .cell-name")).to_have_text(["zebra balls", "Balls", "apple"])
    page.get_by_label("Select apple").check()
    expect(page.locator("#why-not")).to_contain_text("1 selected.")

    head = page.get_by_role("link", name="Steps")
    head.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("columnheader", name="Steps")).to_have_attribute("aria-sort", "ascending")
    assert shown(page) == ["apple", "Balls", "zebra balls"]
    expect(page.get_by_label("Select apple")).to_be_checked()
    expect(head).to_be_focused()
    expect(page).to_have_url(re.compile(r"/models/\?sort=steps_completed$"))

    page.keyboard.press("Enter")
    expect(page.locator("[aria-sort]")).to_have_attribute("aria-sort", "descending")
    expect(page).to_have_url(re.compile(r"/models/\?sort=-steps_completed$"))
    page.reload()
    expect(page.locator("tbody .cell-name")).to_have_text(["zebra balls", "Balls", "apple"])


@pytest.mark.browser
@pytest.mark.usefixtures("filters_shown")
def test_filtering_stays_while_the_table_refreshes(page: Page, team: Team, three) -> None:
    TrainingJobFactory(team=team, description="balloon", state=JobState.RUNNING, live_step=10, live_steps_per_second=1)
    page.goto("/models/?sort=description")
    page.get_by_label("Description has").press_sequentially("ball")
    expect(page.locator("tbody .cell-name")).to_have_text(["balloon", "Balls", "zebra balls"])
    page.get_by_label("Job State").select_option("RUNNING")
    expect(page.locator("tbody .cell-name")).to_have_text(["balloon"])
    expect(page).to_have_url(re.compile(r"/models/\?text=ball&state=RUNNING&sort=description$"))

    TrainingJob.objects.filter(description="balloon").update(live_step=250)
    expect(page.get_by_text("Step 250 of")).to_be_visible()
    TrainingJob.objects.filter(description="balloon").update(state=JobState.STOPPED)
    expect(page.get_by_role("heading", name="No model matches")).to_be_visible()
    expect(page.get_by_label("Description has")).to_have_value("ball")
    page.get_by_role("link", name="Clear the filter").click()
    expect(page.locator("tbody .cell-name")).to_have_text(["apple", "balloon", "Balls", "zebra balls"])


@pytest.mark.django_db
def test_the_minutes_that_are_left_stand_under_the_list(member_client: Client, team: Team) -> None:
    TrainingJobFactory(team=team, description="finder", state="RUNNING", max_seconds=3600)
    words = " ".join(strip_tags(member_client.get("/models/table/").content.decode()).split())
    assert "600 training minutes left (60 held by finder)" in words
