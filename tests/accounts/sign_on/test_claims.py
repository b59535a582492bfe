"""What a provider's claims make of a person: teams, roles, operator."""

import re

import pytest
from django.core.management import CommandError, call_command

from ftcml.accounts.models import Membership, Team, User
from ftcml.accounts.reasons import SignOnRefused
from ftcml.accounts.services.sign_on import arriving, claims
from ftcml.accounts.services.sign_on.claims import TeamKey
from tests.factories import MembershipFactory, TeamFactory, UserFactory

# Locks, conflicts and bulk rows are the database's affair.
pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ISSUER = "https://login.example"


@pytest.fixture(autouse=True)
def _provider(settings) -> None:
    settings.OIDC_ISSUER = ISSUER


def arrive(groups: object = (), sub: str = "1", **more: object) -> User:
    """The person of that subject, signed in with these groups."""
    said = list(groups) if isinstance(groups, tuple) else groups
    return arriving.arrive({"iss": ISSUER, "sub": sub, "preferred_username": "zoe", "groups": said, **more})


def roles(user: User) -> dict[int, str]:
    return {row.team.number: row.role for row in user.memberships.select_related("team")}


def test_values_name_teams_and_roles(team: Team) -> None:
    TeamFactory(number=7002)
    zoe = arrive(("team-7001-coach", "team-7001", "team-7002", "team-0", "chess-club", 7001, None, "team-٣"))
    assert roles(zoe) == {7001: "coach", 7002: "member"}
    assert all(row.from_claims for row in zoe.memberships.all())


def test_each_sign_in_brings_up_to_date_what_came_from_claims(team: Team) -> None:
    TeamFactory(number=7002)
    zoe = arrive(("team-7001", "team-7002-coach"))
    by_hand = MembershipFactory(user=zoe, team=TeamFactory(number=7003), role="coach")
    assert arrive(("team-7002", "team-7003")) == zoe
    assert roles(zoe) == {7002: "member", 7003: "coach"}
    arrive(())
    assert list(zoe.memberships.all()) == [by_hand]


def test_an_unknown_team_is_left_out_or_made(team: Team, settings) -> None:
    assert roles(arrive(("team-7001", "team-4242"))) == {7001: "member"}
    settings.OIDC_MAKE_TEAMS = True
    assert roles(arrive(("team-7001", "team-4242"))) == {7001: "member", 4242: "member"}
    assert Team.objects.get(number=4242).program == "FTC"


def test_a_person_whose_claims_name_no_team_is_on_none(team: Team) -> None:
    for groups in (None, "chess-club", {"a": 1}, ["team-7001" * 50]):
        assert roles(arrive(groups)) == {}


def test_an_operator_says_how_claims_name_teams(settings) -> None:
    settings.OIDC_TEAMS_CLAIM = "realm_access.roles"
    settings.OIDC_TEAM_PATTERN = re.compile(r"/(?P<program>ftc|frc)/(?P<number>\d+)(?P<coach>/mentors)?")
    said = {"realm_access": {"roles": ["/frc/254/mentors", "/ftc/7001", "/vex/1"]}}
    assert claims.roles(said) == {TeamKey("FRC", 254): "coach", TeamKey("FTC", 7001): "member"}
    assert len(claims.roles({"realm_access.roles": [f"/ftc/{n}" for n in range(1, 500)]})) == claims.MOST_TEAMS


def test_no_claim_makes_an_operator_unless_set_so(settings) -> None:
    assert not arrive(("operators",)).is_operator
    settings.OIDC_OPERATORS = "operators"
    zoe = arrive(("operators",))
    assert zoe.is_operator
    assert not zoe.is_superuser
    assert not arrive(()).is_operator


def test_who_was_made_an_operator_by_hand_stays_one(settings) -> None:
    settings.OIDC_OPERATORS = "operators"
    User.objects.filter(pk=arrive(()).pk).update(is_staff=True)
    arrive(("operators",))
    assert arrive(()).is_operator


def test_names_become_user_names() -> None:
    for sub, name, username in (
        ("1", "mia.jones@school.example", "mia.jones"),
        ("2", "Mía Jones", "mia.jones2"),
        ("3", "<script>", "student"),
        ("4", "x" * 500, "student2"),
        ("5", 5, "student3"),
    ):
        assert arrive((), sub, preferred_username=name).username == username


def test_signing_in_costs_a_few_queries(team: Team, django_assert_max_num_queries) -> None:
    TeamFactory.create_batch(20)
    numbers = tuple(f"team-{team.number}" for team in Team.objects.all())
    with django_assert_max_num_queries(16):
        arrive(numbers)
    with django_assert_max_num_queries(8):
        arrive(numbers)


# --- an earlier account ---------------------------------------------------------------------------


def test_an_operator_links_an_earlier_account(member: User, team: Team) -> None:
    zoe = arrive(("team-7001-coach",))
    call_command("link_account", member.username, "--from", "zoe")
    assert arrive(("team-7001-coach",)) == member
    assert roles(zoe) == {}
    assert roles(member) == {7001: "member"}, "the role was given by hand"
    with pytest.raises(CommandError, match="already signs in"):
        call_command("link_account", member.username, "--subject", "2")


def test_a_link_ends_with_what_it_gave(team: Team, settings) -> None:
    settings.OIDC_OPERATORS = "operators"
    carla = UserFactory(username="carla")
    call_command("link_account", "carla", "--subject", "1")
    assert arrive(("team-7001", "operators")) == carla
    call_command("link_account", "carla", "--end")
    carla.refresh_from_db()
    assert not carla.is_operator
    assert not Membership.objects.filter(user=carla).exists()
    assert arrive(()) != carla
    User.objects.update(is_active=False)
    with pytest.raises(SignOnRefused):
        arrive(())
