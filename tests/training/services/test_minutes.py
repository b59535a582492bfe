"""The minutes of a team: what is left, and which trainings hold some."""

import pytest
from django.test import Client

from ftcml.accounts.models import Team
from tests.factories import TrainingJobFactory
from training.services.starting.minutes import minutes_of
from training.states import JobState

pytestmark = pytest.mark.django_db


def words(client: Client) -> str:
    return " ".join(client.get("/datasets/").content.decode().split())


def test_a_training_holds_its_minutes_until_it_ends(start, team: Team) -> None:
    start(description="slow one", max_minutes=60)
    held = minutes_of(team)
    assert (held.remaining, held.allowed, held.held, held.named) == (540, 600, 60, ("slow one",))


def test_what_holds_none_is_not_named(team: Team) -> None:
    for state in (JobState.TRY_AGAIN_LATER, JobState.SUCCEEDED, JobState.CANCELED):
        TrainingJobFactory(team=team, state=state)
    TrainingJobFactory(state=JobState.RUNNING)
    assert minutes_of(team).holders == ()


def test_the_datasets_tab_says_who_holds_them(start, member_client: Client) -> None:
    start(description="slow one", max_minutes=60)
    assert "<strong>540 training minutes</strong> left (60 held by <em>slow one</em>)" in words(member_client)
    start(description="quick one", max_minutes=10)
    assert "(70 held by <em>slow one</em> and <em>quick one</em>)" in words(member_client)
    start(description="a third", max_minutes=1)
    assert "(71 held by <em>slow one</em>, <em>quick one</em> and 1 more)" in words(member_client)
