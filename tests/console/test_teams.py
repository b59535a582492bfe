"""Operators create teams with a coach, and rename them."""

from functools import partial

import pytest
from django.test import Client

from ftcml.accounts.models import PasswordSlip, Team, User
from ftcml.console.models import OperatorAction
from ftcml.console.services import teams
from ftcml.console.services.refusals import ActionRefused
from tests.factories import PASSWORD, UserFactory
from tests.processes import at_once

pytestmark = pytest.mark.django_db

NEW = {"program": "FTC", "number": "7003", "name": "Iron Otters", "coach": "carla"}


def create(client: Client, **changes: str):
    return client.post("/console/teams/create/", NEW | changes)


def test_a_new_coach_gets_a_slip(operator_client: Client) -> None:
    assert create(operator_client)["HX-Redirect"] == "/people/slips/"
    (slip,) = operator_client.get("/people/slips/").context["slips"]
    assert (slip.username, slip.team.full_number) == ("carla", "FTC 7003")
    assert Client().login(username="carla", password=slip.password)
    assert OperatorAction.objects.get().get_kind_display() == "Created a team"


def test_a_coach_who_has_an_account_keeps_the_password(operator_client: Client, outsider: User) -> None:
    assert create(operator_client, coach=outsider.username)["HX-Redirect"] == "/console/teams/"
    assert Client().login(username=outsider.username, password=PASSWORD)
    assert outsider.memberships.count() == 2
    assert not PasswordSlip.objects.exists()


@pytest.mark.parametrize(("typed", "account"), [("Zoe.Smith", "zoe.smith"), ("Zoë Smith", "zoe.smith")])
def test_a_name_that_is_nearly_an_accounts_makes_no_one_a_coach(
    operator_client: Client, typed: str, account: str
) -> None:
    zoe = UserFactory(username=account)
    answer = create(operator_client, coach=typed)
    assert (answer.status_code, "already an account “zoe.smith”" in answer.content.decode()) == (422, True)
    assert not zoe.memberships.exists()
    assert not Team.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"number": "7001"}, "already exists"),
        ({"number": "0"}, "greater than or equal to 1"),
        ({"number": "x"}, "whole number"),
        ({"coach": "no/slash"}, "be a user name"),
        ({"coach": ""}, "name"),
        ({"name": "x" * 101}, "100"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(
    operator_client: Client, team: Team, wrong: dict[str, str], why: str
) -> None:
    answer = create(operator_client, **wrong)
    assert (answer.status_code, why in answer.content.decode()) == (422, True)
    assert list(Team.objects.all()) == [team]
    assert not User.objects.filter(username="carla").exists()


def test_a_team_is_renamed(operator_client: Client, team: Team) -> None:
    operator_client.post(f"/console/teams/{team.pk}/rename/", {"name": " Iron  Otters "})
    team.refresh_from_db()
    assert team.name == "Iron Otters"
    assert OperatorAction.objects.get().details == "“Robo Raccoons” → “Iron Otters”"


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("coach", ["carla", "coach {}"], ids=["one coach", "each another coach"])
def test_of_operators_who_create_one_team_at_once_the_others_hear_that_it_exists(operator: User, coach: str) -> None:
    wanted = [teams.NewTeam("FTC", 7003, "Iron Otters", coach.format(number)) for number in range(8)]
    outcomes = at_once(*(partial(teams.create, operator, each) for each in wanted))
    refused = [str(outcome) for outcome in outcomes if isinstance(outcome, ActionRefused)]
    assert len(refused) == 7, outcomes
    assert set(refused) <= {
        "FTC 7003 already exists. Add people to it on the admin pages.",
        "One of these accounts changed just now. Try again.",
        "There is already an account “carla”.",
    }
    assert Team.objects.get().memberships.count() == 1
    assert User.objects.exclude(pk=operator.pk).count() == 1
