"""Each page and dialog: nothing serious for axe-core, and no sideways scrolling on a school's laptop."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from datasets.models import Frame, Split
from ftcml.accounts.models import Team, User
from tests.factories import DatasetFactory, MembershipFactory, TrainingJobFactory
from tests.pages.conftest import scrolls_sideways, serious_problems, sign_in
from training.models import JobEvent, MetricPoint, TrainingJob
from training.states import JobState

pytestmark = pytest.mark.browser

WIDE = "W" * 30
SIZES = ({"width": 1280, "height": 720}, {"width": 1366, "height": 768})


@pytest.fixture
def full_team(team: Team, member: User) -> Team:
    """One of everything, with the longest words that fit."""
    MembershipFactory(user=member, team__number=999_999, team__name="A team with a name that is rather long")
    ready = DatasetFactory(team=team, description=WIDE, labels=["cone", "L" * 60])
    DatasetFactory(team=team, state="PRODUCING", frames_done=3, frames_total=10, labels=[], counts={})
    DatasetFactory(team=team, state="FAILED", error="There is no annotation in this file.", labels=[], counts={})
    ready.repairs = [{"kind": "box_clipped", "file": "a.xml", "text": "A box was cut off.", "files": 1}]
    ready.save()
    frame = {"dataset": ready, "split": Split.TRAINING, "filename": "frame.jpg", "width": 160, "height": 120}
    Frame.objects.create(number=0, boxes=[{"label": "cone", "box": [0.1, 0.1, 0.5, 0.5]}], **frame)
    for state in JobState:
        TrainingJobFactory(team=team, dataset=ready, description=WIDE, state=state, state_reason="A reason. " * 6)
    running = TrainingJob.objects.get(state=JobState.RUNNING)
    TrainingJob.objects.filter(pk=running.pk).update(live_step=120, live_steps_per_second=1.5)
    JobEvent.objects.create(job=running, new_state=JobState.QUEUED, by="milo", why="started")
    MetricPoint.objects.create(
        job=running, split="eval", tag="DetectionBoxes_Recall/AR@100 (medium)", step=100, value=0.5
    )
    return team


def _check(page: Page) -> None:
    assert serious_problems(page) == []
    for size in SIZES:
        page.set_viewport_size(size)
        assert not scrolls_sideways(page)


@pytest.mark.parametrize("address", ["/datasets/", "/models/", "/resources/", "/help/", "/nothing/"])
def test_pages(address: str, page: Page, full_team: Team) -> None:
    page.goto(address)
    _check(page)


def test_pages_with_something_ticked_and_opened(page: Page, full_team: Team) -> None:
    for address in ("/datasets/", "/models/"):
        page.goto(address)
        page.get_by_label("Tick all").check()
        expect(page.locator("#why-not")).to_contain_text("ticked")
        page.locator("summary:visible").last.click()
        _check(page)


def test_empty_pages(page: Page) -> None:
    for address in ("/datasets/", "/models/"):
        page.goto(address)
        _check(page)


def test_the_pages_of_one_dataset_and_one_model(page: Page, full_team: Team) -> None:
    page.goto("/datasets/")
    page.get_by_role("link", name=WIDE).click()
    expect(page.get_by_role("heading", name="Frames")).to_be_visible()
    _check(page)
    page.goto(f"/models/{TrainingJob.objects.get(state=JobState.RUNNING).pk}/")
    _check(page)


def _import(page: Page) -> None:
    page.get_by_role("button", name="Import Dataset").click()


def _start(page: Page) -> None:
    page.get_by_label(f"Tick {WIDE}").check()
    page.get_by_role("button", name="Start Training").click()


def _delete(page: Page) -> None:
    page.get_by_label(f"Tick {WIDE}").check()
    page.get_by_role("button", name="Delete Datasets").click()


@pytest.mark.parametrize("open_it", [_import, _start, _delete])
def test_dialogs(open_it: Callable[[Page], None], page: Page, full_team: Team) -> None:
    page.goto("/datasets/")
    open_it(page)
    expect(page.get_by_role("dialog")).to_be_visible()
    _check(page)


def test_the_pages_before_a_team_is_there(visitor: BrowserContext, outsider: User, live_server) -> None:
    page = visitor.new_page()
    page.goto("/sign-in/")
    _check(page)
    outsider.memberships.all().delete()
    sign_in(visitor, outsider, live_server.url)
    page.goto("/no-team/")
    _check(page)
