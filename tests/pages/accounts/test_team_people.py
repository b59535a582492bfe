"""A coach gives the students of a room their accounts; everybody chooses a password of their own."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from ftcml.accounts.models import ApiToken, Membership, PasswordSlip, Team, User
from ftcml.accounts.services.membership import slips
from ftcml.accounts.services.throttle import PeopleThrottle
from ftcml.core import clock
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


def slips_of(client: Client) -> dict[str, str]:
    """User name and password of each slip that the page shows."""
    return {slip.username: slip.password for slip in client.get("/people/slips/").context["slips"]}


@pytest.fixture
def their_page(visitor: BrowserContext, coach: User, live_server) -> Page:
    """The coach's browser."""
    sign_in(visitor, coach, live_server.url)
    return visitor.new_page()


def add_in_browser(page: Page, names: str) -> None:
    page.get_by_role("button", name="Add People").click()
    page.get_by_label("Names").fill(names)
    page.get_by_role("dialog").get_by_role("button", name="Add People").click()


@pytest.mark.browser
def test_a_coach_adds_two_students_who_then_sign_in(visitor: BrowserContext, their_page: Page, live_server) -> None:
    visitor.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    page = their_page
    page.goto("/people/")
    add_in_browser(page, "mia.b, Noah Smith\n")
    expect(page.get_by_role("heading", name="Passwords to hand out")).to_be_visible()
    rows = page.get_by_role("table").locator("tbody tr")
    expect(rows).to_have_count(2)
    passwords = {row.split("\t")[1]: row.split("\t")[2] for row in rows.all_inner_texts()}
    assert passwords.keys() == {"mia.b", "noah.smith"}
    assert serious_problems(page) == []
    page.get_by_role("button", name="Copy").click()
    expect(page.locator("#slips-table-copied")).not_to_be_empty()
    assert "Noah Smith\tnoah.smith\t" in page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("button", name="Done, Hide Passwords").click()
    expect(page.get_by_role("row", name="mia.b")).to_contain_text("Member")
    expect(page.get_by_role("row", name="noah.smith")).to_contain_text("never")
    expect(page.get_by_text("to hand out")).to_have_count(0)
    assert serious_problems(page) == []
    assert all(can_sign_in(*pair) for pair in passwords.items())


@pytest.mark.browser
def test_passwords_are_there_again_until_the_coach_is_done(their_page: Page) -> None:
    page = their_page
    page.goto("/people/")
    add_in_browser(page, "mia")
    password = page.locator("#slips-table .password").inner_text()
    page.keyboard.press("Escape")
    page.goto("/people/")
    page.get_by_role("link", name="Show and print it").click()
    assert page.locator("#slips-table .password").inner_text() == password


@pytest.mark.browser
def test_leaving_while_people_are_added_asks_first_and_loses_nothing(their_page: Page, coach: User) -> None:
    page, held = their_page, []
    page.route(
        "**/people/add/", lambda route: held.append(route) if route.request.method == "POST" else route.continue_()
    )
    page.goto("/people/")
    add_in_browser(page, "mia")
    expect(page.get_by_text("Adding people…")).to_be_visible()
    page.keyboard.press("Escape")
    question = page.get_by_role("alertdialog")
    expect(question).to_contain_text("You find their passwords on the page People")
    question.get_by_role("button", name="Stay").click()
    held[0].continue_()
    expect(page.locator("#slips-table .password")).to_be_visible()


@pytest.mark.browser
def test_slips_are_printed_several_to_a_page(their_page: Page, coached: Client) -> None:
    add(coached, *[f"student{number}" for number in range(6)])
    their_page.goto("/people/slips/")
    expect(their_page.locator(".slip").first).to_be_hidden()
    their_page.emulate_media(media="print")
    slips = their_page.locator(".slip")
    expect(slips.first).to_be_visible()
    expect(slips.first).to_contain_text("http://localhost")
    expect(their_page.locator(".site-header")).to_be_hidden()
    assert slips.first.bounding_box()["y"] == slips.nth(1).bounding_box()["y"]


@pytest.mark.browser
@pytest.mark.parametrize("address", ["/people/", "/people/slips/", "/tokens/", "/password/"])
def test_a_phone_shows_all_without_scrolling_sideways(their_page: Page, coached: Client, address: str) -> None:
    add(coached, "mia", "W" * 100)
    their_page.set_viewport_size({"width": 390, "height": 844})
    their_page.goto(address)
    assert not scrolls_sideways(their_page)
    for panel in their_page.locator(".table-panel").all():
        assert panel.evaluate("panel => panel.scrollWidth <= panel.clientWidth")
    assert serious_problems(their_page) == []


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
    expect(page.get_by_role("button", name="Add People")).to_have_count(0)
    page.goto("/password/")
    page.get_by_label("Old password").fill(PASSWORD)
    page.get_by_label("New password", exact=True).fill("blue robots climb")
    page.get_by_label("Repeat the new password").fill("blue robots")
    page.get_by_role("button", name="Change Password").click()
    expect(page.get_by_role("alert")).to_contain_text("didn’t match")
    assert serious_problems(page) == []
    page.get_by_label("Old password").fill(PASSWORD)
    page.get_by_label("New password", exact=True).fill("blue robots climb")
    page.get_by_label("Repeat the new password").fill("blue robots climb")
    page.get_by_role("button", name="Change Password").click()
    expect(page.get_by_text("Password changed.")).to_be_visible()
    assert can_sign_in(member.username, "blue robots climb")


@pytest.mark.browser
def test_times_are_the_readers_on_the_page_and_on_every_answer(browser, coach: User, team: Team, live_server) -> None:
    MembershipFactory(team=team, user__username="mia", user__last_login=datetime(2020, 7, 1, 3, 30, tzinfo=UTC))
    MembershipFactory(team=team, user__username="noah", user__last_login=timezone.now())
    context = browser.new_context(base_url=live_server.url, timezone_id="America/Los_Angeles")
    sign_in(context, coach, live_server.url)
    page = context.new_page()
    page.goto("/people/")
    shown = page.get_by_role("row", name="mia")
    expect(shown).to_contain_text("Jun 30, 2020, 8:30 PM")
    expect(page.get_by_role("row", name="noah")).to_contain_text("today, ")
    page.get_by_role("button", name="Remove noah").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_role("row", name="noah")).to_have_count(0)
    expect(shown).to_contain_text("Jun 30, 2020, 8:30 PM")
    context.close()


def test_all_are_added_or_nobody(coached: Client, team: Team) -> None:
    before = team.memberships.count()
    assert "can't be a user name" in sentence(add(coached, "mia", "no/slash"))
    assert team.memberships.count() == before
    assert not User.objects.filter(username="mia").exists()


@pytest.mark.parametrize("pasted", ["mia,noah", "mia\nnoah\n", "mia\tnoah", "mia; noah", " mia \r\n\r\n noah,"])
def test_names_are_pasted_with_commas_lines_or_tabs(coached: Client, pasted: str) -> None:
    add(coached, pasted)
    assert slips_of(coached).keys() == {"mia", "noah"}


def test_a_full_name_gets_a_user_name_and_stays_on_the_slip(coached: Client) -> None:
    add(coached, "Zoë  O’Neil Smith")
    (slip,) = coached.get("/people/slips/").context["slips"]
    assert (slip.name, slip.username) == ("Zoë O’Neil Smith", "zoe.oneil.smith")


def test_a_name_that_is_taken_says_what_was_used_instead(coached: Client) -> None:
    MembershipFactory(user__username="Mia")
    add(coached, "mia", "noah", "Noah")
    page = coached.get("/people/slips/")
    assert [slip.username for slip in page.context["slips"]] == ["mia2", "noah", "Noah2"]
    assert "“mia” is taken, so we used “mia2”" in page.content.decode()


def test_who_is_on_the_team_already_isnt_added_again(coached: Client, member: User) -> None:
    add(coached, "milo", "Mia Brown")
    add(coached, "Mia Brown", "noah")
    assert slips_of(coached).keys() == {"mia.brown", "noah"}
    assert "already on your team" in sentence(add(coached, "MILO", "mia.brown"))


def test_no_password_is_in_the_database(coached: Client) -> None:
    add(coached, "mia")
    (row,) = PasswordSlip.objects.all()
    assert slips_of(coached)["mia"] not in f"{row.secret} {row.membership.user.password}"


def test_slips_are_for_who_made_them(coached: Client, team: Team, member_client: Client) -> None:
    add(coached, "mia")
    other = MembershipFactory(team=team, role=Membership.Role.COACH).user
    others = Client()
    others.force_login(other)
    assert [bool(slips_of(one)) for one in (coached, others, member_client)] == [True, False, False]


@pytest.mark.parametrize("end", ["done", "next password", "a day", "another key", "no coach any more"])
def test_a_slip_ends(coached: Client, coach: User, team: Team, settings, end: str) -> None:
    add(coached, "mia")
    mia = User.objects.get(username="mia")
    match end:
        case "done":
            coached.post("/people/slips/done/", {"newest": coached.get("/people/slips/").context["newest"]})
        case "next password":
            mia.set_password("blue robots climb")
            mia.save()
        case "a day":
            PasswordSlip.objects.update(created=clock.now() - slips.KEPT)
            slips.forget_old()
            assert not PasswordSlip.objects.exists()
        case "another key":
            settings.SECRET_KEY = "k" * 50
            coached.force_login(coach)
        case _:
            coach.memberships.update(role=Membership.Role.MEMBER)
    assert slips_of(coached) == {}


def test_done_forgets_only_the_slips_that_the_page_showed(coached: Client) -> None:
    """The coach may have added more people in another tab meanwhile."""
    add(coached, "mia")
    shown = coached.get("/people/slips/").context["newest"]
    add(coached, "noor")
    coached.post("/people/slips/done/", {"newest": shown})
    assert set(slips_of(coached)) == {"noor"}


def test_a_coach_makes_a_member_a_coach_and_back(coached: Client, team: Team, member: User) -> None:
    membership = team.memberships.get(user=member)
    for role in ("coach", "member"):
        assert coached.post(f"/people/{membership.pk}/role/").status_code == 204
        membership.refresh_from_db()
        assert membership.role == role


def test_the_last_coach_stays_one(coached: Client, coach: User, team: Team) -> None:
    own = team.memberships.get(user=coach)
    assert "needs a coach" in sentence(coached.post(f"/people/{own.pk}/role/"))
    other = MembershipFactory(team=team, role=Membership.Role.COACH)
    assert coached.post(f"/people/{own.pk}/role/").status_code == 204
    assert list(team.memberships.filter(role=Membership.Role.COACH)) == [other]


def test_an_operators_role_isnt_a_coachs_to_change(coached: Client, team: Team) -> None:
    other = MembershipFactory(team=team, user__is_staff=True)
    assert "operator" in sentence(coached.post(f"/people/{other.pk}/role/"))


class HasherDuringWhichOthersWrite(MD5PasswordHasher):
    """As slow as a hasher is meant to be: another process writes meanwhile, here a thread of its own."""

    def encode(self, password: str, salt: str) -> str:
        Team.objects.update(name="written meanwhile")  # by the connection of the thread that hashes
        connection.close()
        return super().encode(password, salt)


@pytest.mark.django_db(transaction=True)
def test_others_write_while_passwords_are_hashed(coached: Client, team: Team, settings) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.{HasherDuringWhichOthersWrite.__name__}"]
    assert add(coached, "mia", "noah").status_code == 204
    team.refresh_from_db()
    assert (team.name, team.memberships.count()) == ("written meanwhile", 3)


@pytest.mark.parametrize(
    ("names", "why"),
    [
        ([" ", ""], "at least one"),
        ([f"student{number}" for number in range(21)], "20 people at a time, and this is 21"),
        (["closed"], "is closed"),
        (["x" * 151], "can't be a user name"),
        (["李 娜"], "no letters"),
    ],
)
def test_names_that_cannot_be_added_are_refused(coached: Client, settings, names: list[str], why: str) -> None:
    settings.CLOSED_ACCOUNTS = ["closed"]
    assert why in sentence(add(coached, *names))


def test_a_person_without_a_team_is_added_and_keeps_the_password(coached: Client, team: Team) -> None:
    UserFactory(username="lone")
    assert add(coached, "lone")["HX-Redirect"] == "/people/"
    assert "keeps the password" in coached.get("/people/").content.decode()
    assert slips_of(coached) == {}
    assert can_sign_in("lone", PASSWORD)
    assert team.memberships.get(user__username="lone").role == Membership.Role.MEMBER


def test_a_new_password_ends_sessions_and_tokens(coached: Client, team: Team) -> None:
    membership = MembershipFactory(team=team)
    theirs = Client()
    theirs.force_login(membership.user)
    ApiToken.issue(membership)
    coached.post(f"/people/{membership.pk}/password/")
    assert can_sign_in(membership.user.username, slips_of(coached)[membership.user.username])
    assert not can_sign_in(membership.user.username, PASSWORD)
    assert theirs.get("/datasets/").status_code == 302
    assert not membership.tokens.exists()


def test_whose_password_opens_another_teams_data_gets_none_from_this_coach(coached: Client, team: Team) -> None:
    both = MembershipFactory(team=team)
    elsewhere = MembershipFactory(user=both.user)
    assert "also on another team" in sentence(coached.post(f"/people/{both.pk}/password/"))
    assert can_sign_in(both.user.username, PASSWORD)
    assert coached.post(f"/people/{both.pk}/remove/").status_code == 204
    assert list(both.user.memberships.all()) == [elsewhere]


@pytest.mark.parametrize("verb", ["password", "remove"])
@pytest.mark.parametrize("is_staff", [True, False], ids=["operator", "coach"])
def test_coaches_and_operators_keep_their_password_and_place(
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
    assert [refusal.startswith("Too many tries") for refusal in refusals] == [False, True]


def test_the_page_asks_the_database_no_more_for_many_people(coached: Client, team: Team, django_assert_max_num_queries):
    MembershipFactory.create_batch(20, team=team)
    with django_assert_max_num_queries(10):
        assert coached.get("/people/").status_code == 200
