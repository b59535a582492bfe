"""Two models side by side, on the frames that both were measured on."""

import pytest
from django.test import Client
from django.utils.html import strip_tags
from playwright.sync_api import Page, expect

from bench.pages.made_job import add_checkpoints, make_job
from ftcml.accounts.models import Team
from tests.factories import TeamFactory, TrainingJobFactory
from tests.pages.conftest import scrolls_sideways, serious_problems
from training.insight.comparison import Comparison, comparable
from training.models import TrainingJob
from training.states import JobState


@pytest.fixture
def pair(team: Team) -> tuple[TrainingJob, TrainingJob]:
    """A model that learned a lot, and one that learned little, on the same dataset."""
    good = make_job(team, steps=1000, frames=25)
    weak = TrainingJobFactory(
        team=team, dataset=good.datasets.get(), labels=good.labels, description="weak", state=JobState.SUCCEEDED,
        steps_requested=1000,
    )  # fmt: skip
    add_checkpoints(weak, [200], seed=3)
    TrainingJob.objects.filter(pk=good.pk).update(description="good")
    return TrainingJob.objects.get(pk=good.pk), TrainingJob.objects.get(pk=weak.pk)


def address(*jobs: TrainingJob) -> str:
    return "/models/compare/?" + "&".join(f"job={job.pk}" for job in jobs)


def test_the_frames_add_up_to_the_headlines_and_the_largest_difference_comes_first(pair) -> None:
    compared = Comparison.of(*pair)
    for place, headline in enumerate(compared.headlines):
        sides = [frame.sides[place] for frame in compared.frames]
        assert sum(side.missed for side in sides) == headline.objects.missed
        assert sum(side.wrong_labels for side in sides) == headline.objects.wrong_labels
        assert sum(side.false_alarms for side in sides) == headline.objects.false_alarms
    differences = [frame.difference for frame in compared.frames]
    assert differences == sorted(differences, reverse=True)
    assert differences[0] > 0
    assert compared.numbers["map"].better == 0


def test_models_without_a_common_frame_are_compared_by_their_numbers(team: Team, pair) -> None:
    other = make_job(team, steps=200, frames=5)
    assert Comparison.of(pair[0], other).why_none.startswith("These models were measured on different frames")
    assert other not in comparable(pair[0])


def test_both_must_be_of_the_team(member_client: Client, pair) -> None:
    good, weak = pair
    foreign = make_job(TeamFactory(), steps=200, frames=5)
    for jobs in ((good, foreign), (foreign,), (), (good, weak, make_job(good.team, steps=200, frames=5))):
        assert member_client.get(address(*jobs)).status_code == 404


def test_a_model_without_results_says_so(member_client: Client, team: Team, pair) -> None:
    page = member_client.get(address(pair[0], TrainingJobFactory(team=team, description="new"))).content.decode()
    assert "“new” wasn&#x27;t measured on evaluation frames" in page


def test_the_page_costs_as_much_for_many_frames(member_client: Client, pair, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(13):
        page = member_client.get(address(*pair)).content.decode()
    assert "Objects found" in strip_tags(page)


@pytest.mark.browser
def test_two_selected_models_are_compared_on_their_frames(page: Page, pair) -> None:
    page.goto("/models/")
    expect(page.get_by_role("button", name="Compare")).to_be_disabled()
    for name in ("good", "weak"):
        page.get_by_label(f"Select {name}").check()
    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_role("heading", name="Compare two models")).to_be_visible()
    expect(page.locator("#frames svg rect").first).to_be_attached()
    expect(page.get_by_text("missed").first).to_be_visible()
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="2").click()
    expect(page.locator("#frames > li")).to_have_count(5)
    for size in ({"width": 1280, "height": 720}, {"width": 390, "height": 844}):
        page.set_viewport_size(size)
        assert not scrolls_sideways(page)
        assert not serious_problems(page)


@pytest.mark.browser
def test_the_images_page_leads_to_the_models_that_can_be_compared(page: Page, pair) -> None:
    good, _ = pair
    page.goto(f"/models/{good.pk}/images/")
    page.get_by_role("link", name="Compare with").click()
    page.get_by_role("link", name="weak").click()
    expect(page.get_by_role("heading", name="Compare two models")).to_be_visible()
