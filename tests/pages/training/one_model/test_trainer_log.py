import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, expect

from ftcml.accounts.models import Team, User
from tests.factories import TrainingJobFactory
from tests.pages.conftest import serious_problems, sign_in
from training.models import TrainerLog, TrainingJob
from training.states import JobState


@pytest.fixture
def job(team: Team) -> TrainingJob:
    return TrainingJobFactory(team=team, description="finder", state=JobState.RUNNING)


@pytest.mark.browser
def test_a_coach_opens_the_log_and_follows_it(visitor: BrowserContext, coach: User, job: TrainingJob, live_server):
    TrainerLog.objects.create(job=job, tail="step 100 <loss> 0.5")
    sign_in(visitor, coach, live_server.url)
    page = visitor.new_page()
    page.goto(f"/models/{job.pk}/")
    expect(page.get_by_text("step 100 <loss> 0.5")).to_be_hidden()
    page.get_by_text("Trainer's log").click()
    expect(page.get_by_text("step 100 <loss> 0.5")).to_be_visible()
    assert not serious_problems(page)
    TrainerLog.objects.filter(job=job).update(tail="step 200 <loss> 0.4", updated=timezone.now())
    expect(page.get_by_text("step 200 <loss> 0.4")).to_be_visible()


def test_a_member_is_not_offered_the_log(member_client: Client, coach_client: Client, job: TrainingJob) -> None:
    assert "Trainer's log" not in member_client.get(f"/models/{job.pk}/").content.decode()
    assert "Trainer's log" in coach_client.get(f"/models/{job.pk}/").content.decode()


def test_before_the_first_line_the_log_says_so(coach_client: Client, job: TrainingJob) -> None:
    assert "Nothing here yet" in coach_client.get(f"/models/{job.pk}/log/").content.decode()


def test_the_log_of_an_ended_job_is_not_asked_for_again(coach_client: Client, job: TrainingJob) -> None:
    assert "every 5s" in coach_client.get(f"/models/{job.pk}/log/").content.decode()
    TrainingJob.objects.update(state=JobState.SUCCEEDED)
    assert "every 5s" not in coach_client.get(f"/models/{job.pk}/log/").content.decode()
