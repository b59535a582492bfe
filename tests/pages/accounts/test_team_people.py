"""A coach gives the students of a room their accounts; everybody chooses a password of their own."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from ftcml.accounts.models import ApiToken, Membership, Team, User
from ftcml.accounts.services.throttle import PeopleThrottle
from tests.factories import PASSWORD, DatasetFactory, MembershipFactory, UserFactory
from tests.pages.conftest import scrolls_sideways, serious_problems, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet() -> None:
    cache.clear()


@pytest.fixture
def coached(client: Client, coach: User) -> Client:
    client.force_login(coach)
    return client


def add(client: Client, *names: str):
    return client.post("/people/add/", {"names": "\n".join(names)})


def sentence(answer) -> str:
    assert answer.status_code == 422
    return answer.context["refusal"]


def can_sign_in(name: str, password: str) -> bool:
    return Client().login(username=name, password=password)


@pytest.mark.browser
def test_a_coach_adds_two_students_who_then_sign_in(visitor: BrowserContext, coach: User, live_server) -> None:
    sign_in(visitor, coach, live_server.url)
    visitor.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    page = visitor.new_page()
    page.goto("/")
    page.get_by_role("link", name="People").click()
    page.get_by_role("button", name="Add people").click()
    page.get_by_label("User names, one on each line").fill("mia.b\n\n noah \n")
    page.get_by_role("button", name="Add", exact=True).click()
    shown = page.get_by_role("dialog", name="Shown this once: write it down")
    expect(shown.locator("tbody tr")).to_have_count(2)
    passwords = {row.split()[0]: row.split()[1] for row in shown.locator("tbody tr").all_inner_texts()}
    assert passwords.keys() == {"mia.b", "noah"}
    assert serious_problems(page) == []
    shown.get_by_role("button", name="Copy").click()
    expect(shown.locator("#accounts-copied")).not_to_be_empty()
    copied = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert dict(line.split("\t") for line in copied) == passwords
    shown.get_by_role("button", name="Done").click()
    expect(page.get_by_role("row", name="mia.b")).to_contain_text("Member")
    expect(page.get_by_role("row", name="noah")).to_contain_text("never")
    assert serious_problems(page) == []
    assert not scrolls_sideways(page)
    assert all(can_sign_in(*pair) for pair in passwords.items())


@pytest.mark.browser
def test_a_coach_removes_a_member(visitor: BrowserContext, coach: User, member: User, live_server) -> None:
    sign_in(visitor, coach, live_server.url)
    page = visitor.new_page()
    page.goto("/people/")
    page.get_by_role("button", name=f"Remove {member.username}").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_role("row", name=member.username)).to_have_count(0)
    assert not User.objects.filter(pk=member.pk).exists()


@pytest.mark.browser
def test_a_member_sees_who_is_there_and_changes_the_own_password(page: Page, member: User, coach: User) -> None:
    page.goto("/people/")
    expect(page.get_by_role("row", name=coach.username)).to_contain_text("Coach")
    expect(page.get_by_role("button", name="Add people")).to_have_count(0)
    page.get_by_role("link", name="Change my password").click()
    page.get_by_label("Old password").fill(PASSWORD)
    page.get_by_label("New password", exact=True).fill("blue robots climb")
    page.get_by_label("New password confirmation").fill("blue robots")
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_role("alert")).to_contain_text("didn’t match")
    assert serious_problems(page) == []
    page.get_by_label("Old password").fill(PASSWORD)
    page.get_by_label("New password", exact=True).fill("blue robots climb")
    page.get_by_label("New password confirmation").fill("blue robots climb")
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_text("Your password is changed.")).to_be_visible()
    assert can_sign_in(member.username, "blue robots climb")


def test_all_are_added_or_nobody(coached: Client, team: Team) -> None:
    before = team.memberships.count()
    assert "cannot be a person's name" in sentence(add(coached, "mia", "noah smith"))
    assert team.memberships.count() == before
    assert not User.objects.filter(username="mia").exists()


class HasherDuringWhichOthersWrite(MD5PasswordHasher):
    """As slow as a hasher is meant to be: another process writes meanwhile, here a thread of its own."""

    def encode(self, password: str, salt: str) -> str:
        Team.objects.update(name="written meanwhile")  # by the connection of the thread that hashes
        connection.close()
        return super().encode(password, salt)


@pytest.mark.django_db(transaction=True)
def test_others_write_while_passwords_are_hashed(coached: Client, team: Team, settings) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.{HasherDuringWhichOthersWrite.__name__}"]
    assert add(coached, "mia", "noah").status_code == 200
    team.refresh_from_db()
    assert (team.name, team.memberships.count()) == ("written meanwhile", 3)


@pytest.mark.parametrize(
    ("names", "why"),
    [
        ([" ", ""], "Write at least one"),
        (["mia", "Mia"], "there twice"),
        ([f"student{number}" for number in range(11)], "at most 10"),
        (["PERSON-OF-ANOTHER"], "already"),
        (["operator"], "already"),
        (["closed"], "is closed"),
    ],
)
def test_names_that_cannot_be_added_are_refused(coached: Client, settings, names: list[str], why: str) -> None:
    settings.CLOSED_ACCOUNTS = ["closed"]
    MembershipFactory(user__username="person-of-another")
    UserFactory(username="operator", is_staff=True)
    assert why in sentence(add(coached, *names))


def test_a_person_without_a_team_is_added_and_keeps_the_password(coached: Client, team: Team) -> None:
    UserFactory(username="lone")
    (account,) = add(coached, "lone").context["accounts"]
    assert account.password == ""
    assert can_sign_in("lone", PASSWORD)
    assert team.memberships.get(user__username="lone").role == Membership.Role.MEMBER


def test_a_new_password_ends_sessions_and_tokens(coached: Client, team: Team) -> None:
    membership = MembershipFactory(team=team)
    theirs = Client()
    theirs.force_login(membership.user)
    ApiToken.issue(membership)
    (account,) = coached.post(f"/people/{membership.pk}/password/").context["accounts"]
    assert can_sign_in(account.name, account.password)
    assert not can_sign_in(account.name, PASSWORD)
    assert theirs.get("/datasets/").status_code == 302
    assert not membership.tokens.exists()


def test_whose_password_opens_another_teams_data_gets_none_from_this_coach(coached: Client, team: Team) -> None:
    both = MembershipFactory(team=team)
    elsewhere = MembershipFactory(user=both.user)
    assert "in another team as well" in sentence(coached.post(f"/people/{both.pk}/password/"))
    assert can_sign_in(both.user.username, PASSWORD)
    assert coached.post(f"/people/{both.pk}/remove/").status_code == 204
    assert list(both.user.memberships.all()) == [elsewhere]


@pytest.mark.parametrize("verb", ["password", "remove"])
@pytest.mark.parametrize("is_staff", [True, False], ids=["operator", "coach"])
def test_coaches_and_operators_are_not_a_coachs_to_change(
    coached: Client, team: Team, verb: str, is_staff: bool
) -> None:
    role = Membership.Role.MEMBER if is_staff else Membership.Role.COACH
    other = MembershipFactory(team=team, role=role, user__is_staff=is_staff)
    assert other.user.username in sentence(coached.post(f"/people/{other.pk}/{verb}/"))
    assert can_sign_in(other.user.username, PASSWORD)
    assert team.memberships.filter(pk=other.pk).exists()


def test_what_a_removed_member_made_stays_with_the_team(coached: Client, team: Team) -> None:
    membership = MembershipFactory(team=team)
    dataset = DatasetFactory(team=team, created_by=membership.user)
    coached.post(f"/people/{membership.pk}/remove/")
    dataset.refresh_from_db()
    assert (dataset.team, dataset.created_by) == (team, None)


@pytest.mark.parametrize("address", ["/people/add/", "/password/"])
def test_passwords_are_not_made_and_tried_without_end(coached: Client, monkeypatch, address: str) -> None:
    monkeypatch.setitem(PeopleThrottle.THROTTLE_RATES, PeopleThrottle.scope, "1/hour")
    refusals = [coached.post(address).context.get("refusal", "") for _ in range(2)]
    assert [refusal.startswith("That was very often") for refusal in refusals] == [False, True]


def test_the_page_asks_the_database_no_more_for_many_people(coached: Client, team: Team, django_assert_max_num_queries):
    MembershipFactory.create_batch(20, team=team)
    with django_assert_max_num_queries(9):
        assert coached.get("/people/").status_code == 200
