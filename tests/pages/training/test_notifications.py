"""That a training has ended reaches a person who looks elsewhere: by the window's title, and by a notification."""

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from ftcml.accounts.models import Team
from tests.factories import TrainingJobFactory
from tests.pages.conftest import wait_for
from training.messages.state_words import MEANINGS
from training.models import TrainingJob
from training.pages import notifications
from training.services import jobs
from training.services.progress import live
from training.states import JobState

# Keeps what the page asks the browser to show.
RECORD = """
window.told = [];
window.Notification = class extends window.Notification {
  constructor(headline, options) {
    super(headline, options);
    window.told.push([headline, options.body]);
  }
};
"""
HIDE = """
Object.defineProperty(document, "hidden", { configurable: true, get: () => true });
document.dispatchEvent(new Event("visibilitychange"));
"""
SHOW = """
delete document.hidden;
document.dispatchEvent(new Event("visibilitychange"));
"""


@pytest.fixture
def window(whole_browser: Browser) -> Browser:
    return whole_browser


@pytest.fixture
def job(team: Team) -> TrainingJob:
    return TrainingJobFactory(
        team=team, description="finder", state=JobState.RUNNING, live_step=180, live_steps_per_second=1
    )


def succeeds(job: TrainingJob) -> None:
    jobs.transition(TrainingJob.objects.get(pk=job.pk), JobState.SUCCEEDED, by="worker-1")


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"state": JobState.QUEUED}, "QUEUED · finder"),
        ({"state": JobState.RUNNING, "live_step": 180}, "RUNNING 45% · finder"),
        ({"state": JobState.RUNNING, "live_step": 480, "first_step": 300}, "RUNNING 45% · finder"),
        ({"state": JobState.SUCCEEDED}, "✓ SUCCEEDED · finder"),
        ({"state": JobState.STOPPED}, "■ STOPPED · finder"),
        ({"state": JobState.FAILED}, "✗ FAILED · finder"),
    ],
)
def test_the_title_says_how_far_a_training_is(fields: dict, title: str) -> None:
    job = TrainingJob(description="finder", steps_requested=400, max_seconds=60, **fields)
    assert notifications.title(job, live(job)) == title


def test_only_ends_after_the_moment_are_news(team: Team, job: TrainingJob) -> None:
    before, other = TrainingJobFactory.create_batch(2, team=team, state=JobState.RUNNING)
    succeeds(before)
    moment = notifications.now()
    jobs.transition(other, JobState.QUEUED, by="worker-1")
    succeeds(job)
    (end,) = notifications.ends(TrainingJob.objects.for_team(team), str(moment))
    assert (end.headline, end.words) == ("✓ SUCCEEDED: finder", MEANINGS[JobState.SUCCEEDED])
    assert notifications.ends(TrainingJob.objects.for_team(team), str(end.number)) == []


@pytest.mark.parametrize("since", ["", "soon", "-1", "9" * 30])
def test_without_a_moment_there_is_no_news(since: str, member_client: Client, job: TrainingJob) -> None:
    succeeds(job)
    for address in (f"/models/table/?since={since}", f"/models/{job.pk}/part/?since={since}"):
        assert b"data-end=" not in member_client.get(address).content


def test_another_teams_ends_are_no_news(outsider_client: Client, job: TrainingJob) -> None:
    succeeds(job)
    assert b"data-end=" not in outsider_client.get("/models/table/?since=0").content
    assert outsider_client.get(f"/models/{job.pk}/head/job-details/?since=0").status_code == 404


@pytest.mark.browser
def test_the_windows_title_follows_the_job(page: Page, job: TrainingJob) -> None:
    page.goto(f"/models/{job.pk}/")
    expect(page).to_have_title("RUNNING 45% · finder · ftcml")
    TrainingJob.objects.filter(pk=job.pk).update(live_step=200)
    expect(page).to_have_title("RUNNING 50% · finder · ftcml")
    succeeds(job)
    expect(page).to_have_title("✓ SUCCEEDED · finder · ftcml")
    expect(page.get_by_role("button", name="Tell me when it ends")).to_be_hidden()


@pytest.mark.browser
def test_a_tab_in_the_background_counts_the_ends_until_it_was_looked_at(
    page: Page, team: Team, job: TrainingJob, monkeypatch
) -> None:
    monkeypatch.setattr(notifications, "HIDDEN_SECONDS", 1)
    TrainingJobFactory(team=team, state=JobState.RUNNING)
    page.goto("/models/")
    expect(page).to_have_title("Models · ftcml")
    page.evaluate(HIDE)
    succeeds(job)
    expect(page).to_have_title("(1 ended) Models · ftcml")
    page.evaluate(SHOW)
    page.evaluate(HIDE)
    expect(page).to_have_title("Models · ftcml")


@pytest.mark.browser
def test_whoever_asks_is_told_once_of_each_end(page: Page, team: Team, job: TrainingJob, monkeypatch) -> None:
    monkeypatch.setattr(notifications, "HIDDEN_SECONDS", 1)
    succeeds(TrainingJobFactory(team=team, description="old", state=JobState.RUNNING))
    page.context.grant_permissions(["notifications"])
    page.add_init_script(RECORD)
    page.goto(f"/models/{job.pk}/")
    ask = page.get_by_role("button", name="Tell me when it ends")
    expect(ask).to_have_attribute("aria-pressed", "false")
    ask.click()
    expect(ask).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("We'll tell you while this page is open")).to_be_visible()

    page.goto("/models/")
    expect(ask).to_have_attribute("aria-pressed", "true")
    page.evaluate(HIDE)
    succeeds(job)
    wait_for(page, "window.told.length")
    meaning = MEANINGS[JobState.SUCCEEDED]
    assert page.evaluate("window.told") == [["✓ SUCCEEDED: finder", meaning]]

    other = TrainingJobFactory(team=team, description="other", state=JobState.RUNNING)
    page.reload()
    succeeds(other)
    wait_for(page, "window.told.length")
    assert page.evaluate("window.told") == [["✓ SUCCEEDED: other", meaning]]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("obstacle", "sentence"),
    [
        (
            "Object.defineProperty(Notification, 'permission', { get: () => 'denied' })",
            "Your browser blocks notifications",
        ),
        ("Object.defineProperty(window, 'isSecureContext', { get: () => false })", "notifications only on https pages"),
    ],
)
def test_where_there_are_no_notifications_the_page_says_so(
    page: Page, job: TrainingJob, obstacle: str, sentence: str
) -> None:
    page.add_init_script(RECORD)
    page.add_init_script(obstacle)
    page.goto(f"/models/{job.pk}/")
    expect(page.get_by_text(sentence)).to_be_visible()
    expect(page.get_by_role("button", name="Tell me when it ends")).to_be_hidden()
    succeeds(job)
    expect(page).to_have_title("✓ SUCCEEDED · finder · ftcml")
    assert page.evaluate("window.told") == []


@pytest.mark.parametrize("part", ["/models/table/", "/models/{}/part/", "/models/{}/head/job-details/"])
def test_a_refresh_without_news_carries_nothing(part: str, member_client: Client, job: TrainingJob) -> None:
    address = part.format(job.pk) + f"?since={notifications.now()}"
    etag = member_client.get(address)["ETag"]
    again = member_client.get(address, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    TrainingJob.objects.filter(pk=job.pk).update(live_step=200)
    assert member_client.get(address, headers={"If-None-Match": etag}).status_code == 200
