"""A coach makes a code, and students who type it become members: never coaches, never more than the code is for."""

import re
from datetime import timedelta
from functools import partial

import pytest
from django.contrib.auth import get_user
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ftcml.accounts import tasks
from ftcml.accounts.models import JoinKey, Membership, Team, User
from ftcml.accounts.services.membership import joining, keys, user_names
from ftcml.accounts.services.membership.people import PersonRefused
from ftcml.core import clock
from tests.factories import MembershipFactory, UserFactory
from tests.processes import at_once

pytestmark = pytest.mark.django_db

PASSWORD = "blue robots climb"


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet() -> None:
    cache.clear()


@pytest.fixture
def code(team: Team, coach: User) -> str:
    """For two people, for a day."""
    return keys.make_code(team, coach, people=2).text


def join(client: Client, code: str, name: str, password: str = PASSWORD):
    form = {"key": code, "name": name, "password1": password, "password2": password}
    return client.post("/join/account/", form)


def role_of(user: User, team: Team) -> str | None:
    membership = team.memberships.filter(user=user).first()
    return membership and membership.role


def test_a_student_joins_with_the_code_that_the_coach_shows(coach_client: Client, team: Team) -> None:
    shown = coach_client.post("/people/codes/make/", {"people": 2, "lasts": "86400"}).content.decode()
    code = re.search(r"join-letters.*?<code>(.*?)</code>", shown, re.DOTALL)[1]
    assert f"http://testserver/join/#{code}" in shown
    assert code not in coach_client.get("/people/").content.decode(), "it's shown once"
    assert code not in str(JoinKey.objects.values().get()), "and isn't stored"
    student = Client()
    assert "Join Team 7001, Robo Raccoons" in student.post("/join/", {"key": code}).content.decode()
    assert join(student, code, "Mia Brown").url == "/"
    mia = get_user(student)
    assert (mia.username, mia.first_name, mia.email, role_of(mia, team)) == ("mia.brown", "Mia Brown", "", "member")
    assert "1 of 2 people" in coach_client.get("/people/").content.decode()


def test_capitals_hyphens_and_blanks_do_not_matter(code: str) -> None:
    for typed in (code.upper(), code.replace("-", ""), f" {code[:4]} {code[5:]}\n"):
        assert "Robo Raccoons" in Client().post("/join/", {"key": typed}).content.decode()


def test_a_code_that_ended_was_revoked_or_used_up_answers_as_one_that_never_was(
    code: str, coach: User, team: Team, coach_client: Client
) -> None:
    def answer(key: str) -> str:
        return re.sub(rf"\b\w{{64}}\b|{key}", "", Client().post("/join/", {"key": key}).content.decode())

    never = answer("abcd-efgh")
    assert "That code doesn&#x27;t work" in never
    row = JoinKey.objects.get()
    JoinKey.objects.update(used=2)
    assert answer(code) == never
    JoinKey.objects.update(used=0, expires=clock.now() - timedelta(seconds=1))
    assert answer(code) == never
    JoinKey.objects.update(expires=row.expires)
    Membership.objects.filter(user=coach).update(role="member")
    assert answer(code) == never, "its maker is no coach any more"
    Membership.objects.filter(user=coach).update(role="coach")
    assert "Robo Raccoons" in answer(code)
    coach_client.post(f"/people/keys/{row.pk}/revoke/")
    assert answer(code) == never
    assert join(Client(), code, "mia").status_code == 200
    assert not User.objects.filter(username="mia").exists()


def test_guessing_codes_is_slowed_for_that_address(code: str, settings) -> None:
    settings.SIGN_IN_ADDRESS_RATE = "5/hour"
    guesser = Client(REMOTE_ADDR="192.168.1.20")
    assert [guesser.post("/join/", {"key": f"abcd-efg{n}"}).status_code for n in range(6)] == [200] * 5 + [429]
    assert join(guesser, code, "mia").status_code == 429, "even with the right one"
    assert join(Client(REMOTE_ADDR="192.168.1.21"), code, "mia").status_code == 302


@pytest.mark.parametrize(
    ("name", "password", "why"),
    [
        ("carla", PASSWORD, "“carla2” is free"),
        ("CARLA", PASSWORD, "is taken"),
        ("", PASSWORD, "Type a name"),
        ("a/b", PASSWORD, "be a user name"),
        ("mia", "robot", "too short"),
        ("mia.brown.robots", "mia.brown.robots", "too similar"),
    ],
)
def test_what_cannot_be_is_said_and_uses_no_place(code: str, name: str, password: str, why: str) -> None:
    assert why in join(Client(), code, name, password).content.decode()
    assert JoinKey.objects.get().used == 0
    assert User.objects.count() == 1


def test_who_is_signed_in_joins_with_their_account(code: str, team: Team, outsider: User, outsider_client) -> None:
    assert "signed in as <strong>oscar" in outsider_client.post("/join/", {"key": code}).content.decode()
    assert outsider_client.post("/join/team/", {"key": code}).url == "/"
    outsider.refresh_from_db()
    assert (role_of(outsider, team), outsider.active_team, outsider.memberships.count()) == ("member", team, 2)
    assert "already on Team 7001" in outsider_client.post("/join/team/", {"key": code}).content.decode()
    assert JoinKey.objects.get().used == 1


def test_a_code_makes_no_coach_and_takes_no_coach_away(code: str, team: Team, coach: User, member: User) -> None:
    for user in (coach, member):
        with pytest.raises(PersonRefused, match="already on"):
            joining.join(keys.find(code), user)
    assert (role_of(coach, team), role_of(member, team)) == ("coach", "member")


def test_an_invitation_makes_one_person_a_coach(coach_client: Client, team: Team, member: User, member_client) -> None:
    shown = coach_client.post("/people/invite/").content.decode()
    key = re.search(r"/join/#([\w-]+)<", shown)[1]
    member_client.post("/join/team/", {"key": key})
    assert role_of(member, team) == "coach"
    assert "doesn&#x27;t work" in Client().post("/join/", {"key": key}).content.decode()
    assert key not in str(list(JoinKey.objects.values()))


def test_an_operator_invites_the_coach_of_any_team(operator_client: Client, team: Team) -> None:
    shown = operator_client.post(f"/console/teams/{team.pk}/invite/").content.decode()
    key = re.search(r"/join/#([\w-]+)<", shown)[1]
    new = Client()
    assert join(new, key, "carl").status_code == 302
    assert role_of(get_user(new), team) == "coach"


def test_keys_have_a_limit_and_are_tidied_away(team: Team, coach: User) -> None:
    for _ in range(keys.MOST_OF_A_TEAM):
        keys.make_code(team, coach, people=1)
    with pytest.raises(PersonRefused, match="20 codes and invitations"):
        keys.make_invitation(team, coach)
    for people in (0, keys.MOST_PEOPLE + 1):
        with pytest.raises(PersonRefused, match="1 to 100 people"):
            keys.make_code(team, coach, people)
    JoinKey.objects.filter(pk__gt=JoinKey.objects.last().pk).update(expires=clock.now())
    tasks.tidy()
    assert JoinKey.objects.count() == 1


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_of_a_class_that_joins_at_once_as_many_get_in_as_the_code_is_for(team: Team, coach: User) -> None:
    key = keys.find(keys.make_code(team, coach, people=3).text)
    new = [partial(joining.join_new, key, user_names.wanted(f"student{number}"), PASSWORD) for number in range(6)]
    known = UserFactory()
    outcomes = at_once(*new, *[partial(joining.join, key, known)] * 2)
    assert sum(not isinstance(outcome, PersonRefused) for outcome in outcomes) == 3, outcomes
    assert team.memberships.filter(role="member").count() == 3
    assert JoinKey.objects.get().used == 3


def test_the_page_of_people_costs_no_more_for_many_keys(coach_client: Client, team: Team, coach: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            coach_client.get("/people/")
        return len(captured)

    keys.make_code(team, coach, people=1)
    alone = queries()
    for maker in (coach, MembershipFactory(team=team, role="coach").user) * 5:
        keys.make_invitation(team, maker)
    assert queries() == alone <= 11
