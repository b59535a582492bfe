"""Who can sign in to a laptop that serves a room: the first coach is asked for, and is never a demo account."""

import os

import pytest

from ftcml.accounts.models import Membership, Team, User
from ftcml.launcher import demo
from ftcml.launcher.refusals import CannotStart
from ftcml.launcher.room import first_coach
from ftcml.launcher.room.first_coach import Terminal
from tests.factories import PASSWORD, MembershipFactory

pytestmark = pytest.mark.django_db

GOOD = "correct horse battery"
CARLA = {"FTCML_COACH_NAME": "carla", "FTCML_COACH_TEAM": "7001", "FTCML_COACH_PASSWORD": GOOD}


@pytest.fixture(autouse=True)
def _data_of_this_test(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def given(monkeypatch):
    """Sets what the environment answers."""

    def set_all(**answers: str) -> None:
        for name, answer in answers.items():
            monkeypatch.setenv(name, answer)

    return set_all


def person(*answers: str) -> tuple[Terminal, list[str]]:
    """Somebody who gives these answers, one after the other, and then leaves; and what was asked."""
    left, asked = iter(answers), []

    def answer(question: str) -> str:
        asked.append(question)
        try:
            return next(left)
        except StopIteration:
            raise EOFError from None

    return Terminal(answer, answer), asked


def test_a_coach_who_can_sign_in_is_enough(coach, given):
    given(**{**CARLA, "FTCML_COACH_NAME": "somebody-else"})

    first_coach.ensure(None, print)

    assert User.objects.get() == coach
    assert not [name for name in os.environ if name.startswith("FTCML_COACH")]  # the children need not know


@pytest.mark.parametrize("who", ["nobody", "a member", "a coach who has left", "the demo's coach"])
def test_without_one_there_is_somebody_to_ask_for(who):
    if who == "a member":
        MembershipFactory()
    elif who == "a coach who has left":
        MembershipFactory(role=Membership.Role.COACH, user__is_active=False)
    elif who == "the demo's coach":
        demo.create_accounts()
    assert first_coach.is_missing()


def test_the_environment_answers_where_there_is_no_terminal(given, client):
    given(**CARLA, FTCML_COACH_TEAM_NAME="Robo Raccoons")

    first_coach.ensure(None, print)

    membership = Membership.objects.get()
    assert (membership.role, membership.team.number, membership.team.name) == ("coach", 7001, "Robo Raccoons")
    assert client.login(username="carla", password=GOOD)
    assert not first_coach.is_missing()


@pytest.mark.parametrize("missing", CARLA)
def test_what_the_environment_leaves_out_is_named(given, missing):
    given(**{**CARLA, missing: ""})
    with pytest.raises(CannotStart, match=f"set {missing} "):
        first_coach.ensure(None, print)


@pytest.mark.parametrize(
    "wrong",
    [
        {"FTCML_COACH_PASSWORD": "raccoon"},
        {"FTCML_COACH_PASSWORD": "carla"},
        {"FTCML_COACH_TEAM": "7001a"},
        {"FTCML_COACH_TEAM": "0"},
        {"FTCML_COACH_TEAM": "9" * 30},
        {"FTCML_COACH_TEAM_NAME": "too long " * 20},
        {"FTCML_COACH_NAME": "two words"},
        {"FTCML_COACH_NAME": "demo-coach"},
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(given, wrong):
    given(**{**CARLA, **wrong})
    with pytest.raises(CannotStart):
        first_coach.ensure(None, print)
    assert not User.objects.exists()
    assert not Team.objects.exists()


def test_at_a_terminal_only_the_rest_is_asked(given):
    given(FTCML_COACH_NAME="carla", FTCML_COACH_TEAM="7001")
    terminal, asked = person("", GOOD, GOOD)

    first_coach.ensure(terminal, print)

    assert [question.split()[0] for question in asked] == ["Team", "Password", "Repeat"]
    assert User.objects.get().username == "carla"


def test_the_work_of_the_demo_accounts_can_be_gone_on_with():
    demo.create_accounts()
    terminal, asked = person("carla", "100", "", GOOD, GOOD)

    first_coach.ensure(terminal, print)

    assert "100 keeps what the demo accounts made" in asked[1]
    assert User.objects.get(username="carla").memberships.get().team == Team.objects.get()


def test_whoever_leaves_the_questions_starts_nothing():
    terminal, _ = person("carla")
    with pytest.raises(CannotStart, match="server didn't start"):
        first_coach.ensure(terminal, print)
    assert not User.objects.exists()


def test_a_person_who_exists_becomes_the_coach_and_keeps_the_password(given, client, member):
    terminal, asked = person(member.username, "7001", "")

    first_coach.ensure(terminal, print)

    assert [question.split()[0] for question in asked] == ["User", "Team", "Team"]
    assert client.login(username=member.username, password=PASSWORD)
    assert member.memberships.get().role == "coach"
