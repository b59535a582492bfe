"""The console as an operator plays it: the main path of every page, usable by everybody, without sideways scrolling."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from ftcml.accounts.models import Team, User
from ftcml.accounts.services import ledger
from ftcml.console import tasks
from ftcml.console.models import OperatorAction
from tests.factories import MembershipFactory, TeamFactory, TrainingJobFactory
from tests.pages.conftest import scrolls_sideways, serious_problems, sign_in
from training.models import JobEvent, TrainerLog, TrainingJob, TrainingWorker
from training.services import registry
from training.states import JobState

pytestmark = pytest.mark.browser

WIDE = "W" * 30


@pytest.fixture
def console(visitor: BrowserContext, operator: User, live_server) -> Iterator[Page]:
    """The operator's browser, signed in, at 1280x720. An error in the page's own scripts fails the test."""
    sign_in(visitor, operator, live_server.url)
    page = visitor.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert not errors


def _everybody_can_use(page: Page) -> None:
    assert serious_problems(page) == []
    for size in ({"width": 390, "height": 844}, {"width": 640, "height": 360}, {"width": 1280, "height": 720}):
        page.set_viewport_size(size)
        assert not scrolls_sideways(page)


def _leased(team: Team, worker: str, **fields: object) -> TrainingJob:
    owner, until = registry.owner_name(worker), timezone.now() + timedelta(seconds=90)
    return TrainingJobFactory(team=team, lease_owner=owner, lease_until=until, lease_number=1, **fields)


def test_workers_show_what_they_run_and_move_by_themselves(console: Page, team: Team) -> None:
    registry.report("training@" + "m" * 40, "gpu", 2)
    registry.report("training@other", "cpu", 1)
    TrainingWorker.objects.filter(name="training@other").update(last_seen=timezone.now() - timedelta(minutes=5))
    job = _leased(
        team, "training@" + "m" * 40, description=WIDE, state=JobState.RUNNING, live_step=110, live_steps_per_second=2
    )
    console.goto("/console/")
    row = console.get_by_role("table", name="Training workers").get_by_role("row", name=WIDE)
    expect(row).to_contain_text("FTC 7001")
    expect(row).to_contain_text("110 of 400")
    expect(console.get_by_role("table", name="Silent workers")).to_contain_text("training@other")
    _everybody_can_use(console)

    TrainingJob.objects.filter(pk=job.pk).update(live_step=390)

    expect(row).to_contain_text("390 of 400")
    row.get_by_role("link", name=WIDE).click()
    expect(console.get_by_role("heading", name="Progress")).to_be_visible()


def test_a_job_is_found_looked_at_and_stopped(console: Page, team: Team) -> None:
    for state in JobState:
        TrainingJobFactory(
            state=state,
            description=WIDE,
            reason_code="other",
            reason_params={"text": "A long reason for everybody. " * 6},
        )
    job = _leased(team, "worker", description="finder", state=JobState.RUNNING, live_step=5, live_steps_per_second=1)
    TrainerLog.objects.create(job=job, tail="step 5 of 400\n" * 40 + "x" * 300)
    JobEvent.objects.create(job=job, new_state=JobState.QUEUED, by="milo", reason_code="started")
    console.goto("/console/")
    console.get_by_role("navigation", name="Console").get_by_role("link", name="Models").click()
    expect(console.get_by_role("region", name="Queue")).to_contain_text(WIDE)
    expect(console.get_by_role("row", name=WIDE)).to_have_count(len(JobState))
    _everybody_can_use(console)

    console.get_by_label("Team number").fill("7001")
    console.get_by_role("button", name="Filter").click()
    expect(console.get_by_role("link", name="Show All")).to_be_visible()
    expect(console.get_by_role("row", name=WIDE)).to_have_count(0)
    console.get_by_role("link", name="finder").click()
    expect(console.get_by_role("region", name="End of the training log")).to_contain_text("step 5 of 400")
    expect(console.get_by_text("You can only retry a training in TRY_AGAIN_LATER.")).to_be_visible()
    _everybody_can_use(console)

    console.get_by_role("button", name="Stop: finder").click()
    _everybody_can_use(console)
    console.get_by_role("dialog").get_by_role("button", name="Stop Training").click()
    expect(console.get_by_role("heading", name="finder STOP REQUESTED")).to_be_visible()
    stop = console.get_by_role("button", name="Stop: finder")
    expect(stop).to_be_disabled()
    expect(stop).to_have_accessible_description("“finder” is STOP REQUESTED, so there's nothing to stop.")


def test_a_job_that_could_not_be_queued_is_tried_again(console: Page, team: Team, training_worker, settings) -> None:
    TrainingJobFactory(team=team, description="finder", state=JobState.TRY_AGAIN_LATER)
    settings.QUEUE_LIMIT = 0
    console.goto("/console/jobs/")
    console.get_by_role("button", name="Try Again: finder").click()
    expect(console.get_by_role("dialog")).to_contain_text("The queue is full")
    console.get_by_role("dialog").get_by_role("button", name="OK").click()

    settings.QUEUE_LIMIT = 5
    console.get_by_role("button", name="Try Again: finder").click()
    expect(console.get_by_role("row", name="finder")).to_contain_text("QUEUED")


def test_a_team_is_created_with_its_coach_and_renamed(console: Page) -> None:
    console.goto("/console/teams/")
    expect(console.get_by_text("No teams yet")).to_be_visible()
    console.get_by_role("button", name="Create Team").click()
    dialog = console.get_by_role("dialog")
    dialog.get_by_label("Team number").fill("7001")
    dialog.get_by_label("Coach").fill("Carla Jones")
    _everybody_can_use(console)
    dialog.get_by_role("button", name="Create Team").click()
    expect(console.get_by_role("heading", name="Passwords to hand out")).to_be_visible()
    password = console.locator("#slips-table .password").inner_text()
    assert Client().login(username="carla.jones", password=password)

    console.goto("/console/teams/")
    row = console.get_by_role("row", name="FTC 7001")
    expect(row).to_contain_text("carla.jones")
    row.get_by_role("button", name="Rename").click()
    dialog.get_by_label("Team name").fill("Robo Raccoons")
    dialog.get_by_role("button", name="Rename Team").click()
    expect(row).to_contain_text("Robo Raccoons")
    _everybody_can_use(console)


def test_minutes_are_granted_to_one_and_reset_for_all(console: Page, team: Team) -> None:
    TeamFactory(number=999_999, name="A team with a name that is rather long, " * 2)
    console.goto("/console/minutes/")
    row = console.get_by_role("row", name="FTC 7001")
    row.get_by_role("button", name="Grant to FTC 7001").click()
    dialog = console.get_by_role("dialog")
    expect(dialog.get_by_label("Minutes for FTC 7001")).to_be_focused()
    dialog.get_by_role("button", name="Grant to FTC 7001").click()
    expect(dialog).to_contain_text("Type how many minutes to grant.")
    dialog.get_by_label("Minutes for FTC 7001").fill("30")
    _everybody_can_use(console)
    dialog.get_by_role("button", name="Grant to FTC 7001").click()
    expect(row).to_contain_text("630")
    _everybody_can_use(console)

    console.get_by_role("button", name="Reset all teams").click()
    expect(dialog).to_contain_text("used minutes of each of 2 teams")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    assert ledger.balance_of(team).seconds_allowed == 630 * 60
    console.get_by_role("button", name="Reset all teams").click()
    dialog.get_by_role("button", name="Reset all teams").click()
    expect(row).not_to_contain_text("630")

    console.get_by_role("button", name="Grant to all teams").click()
    dialog.get_by_label("Minutes for each of 2 teams").fill("15")
    dialog.get_by_role("button", name="Grant to all teams").click()
    expect(row).to_contain_text("615")


def test_switches_are_set_and_everybody_else_sees_the_maintenance_page(
    console: Page, browser: Browser, live_server, member: User
) -> None:
    console.goto("/console/switches/")
    console.get_by_role("button", name="Turn Training Off").click()
    dialog = console.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("the hall is closed " * 5)
    dialog.get_by_role("button", name="Turn Training Off").click()
    expect(console.get_by_text("Teams see: “the hall is closed")).to_be_visible()
    console.get_by_role("button", name="Turn Training On").click()
    expect(console.get_by_text("Teams can start trainings.")).to_be_visible()

    console.get_by_role("button", name="Show Maintenance Page").click()
    expect(dialog.get_by_role("textbox")).to_have_value(re.compile("Your work is safe"))
    _everybody_can_use(console)
    dialog.get_by_role("textbox").fill("New disks until noon.")
    dialog.get_by_role("button", name="Show Maintenance Page").click()
    expect(console.get_by_text("Everyone but operators sees: “New disks until noon.”")).to_be_visible()
    _everybody_can_use(console)

    visitor = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 720})
    sign_in(visitor, member, live_server.url)
    page = visitor.new_page()
    assert page.goto("/models/").status == 503
    expect(page.get_by_text("New disks until noon.")).to_be_visible()
    _everybody_can_use(page)
    console.get_by_role("button", name="Hide Maintenance Page").click()
    expect(console.get_by_text("Everyone can use the pages and the API.")).to_be_visible()
    page.get_by_role("link", name="Try Again").click()
    expect(page.get_by_role("heading", name="No models yet")).to_be_visible()
    visitor.close()


def test_a_page_that_was_open_says_so_and_goes_on_afterwards(page: Page, team: Team, operator_client: Client) -> None:
    TrainingJobFactory(team=team, description="finder", state=JobState.RUNNING)
    page.goto("/models/")
    operator_client.post("/console/switches/maintenance-on/", {"words": "New disks until noon."})
    expect(page.get_by_text("New disks until noon.")).to_be_visible()
    expect(page.get_by_role("row", name="finder")).to_be_visible()
    operator_client.post("/console/switches/maintenance-off/")
    expect(page.get_by_text("New disks until noon.")).to_be_hidden()


def test_storage_is_asked_for_and_appears_when_it_is_measured(console: Page, team: Team) -> None:
    console.goto("/console/storage/")
    expect(console.get_by_text("Not measured yet")).to_be_visible()
    console.get_by_role("button", name="Measure Now").click()
    expect(console.get_by_text("Waiting for a free worker.")).to_be_visible()
    tasks.measure_storage()
    expect(console.get_by_role("table", name="Files by team")).to_contain_text("FTC 7001")
    _everybody_can_use(console)


def test_the_log_says_who_did_what(console: Page, operator: User) -> None:
    for number in (7001, 999_999):
        MembershipFactory(user=operator, team__number=number)
    OperatorAction.objects.bulk_create(
        OperatorAction(operator="olga", kind="stop", subject=f"“{WIDE}” of FTC 7001 ({'a' * 36})", details="x" * 200)
        for _ in range(51)
    )
    console.goto("/console/audit/")
    expect(console.get_by_role("row", name="Stopped a training")).to_have_count(50)
    _everybody_can_use(console)
    console.get_by_role("navigation", name="Pages").get_by_role("link", name="2").click()
    expect(console.get_by_role("row", name="Stopped a training")).to_have_count(1)
