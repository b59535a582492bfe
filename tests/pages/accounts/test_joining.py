"""A coach shows a join code, and a student's browser opens its link; nothing of the key stays in its address."""

from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from ftcml.accounts.models import Membership, Team, User
from ftcml.console.services import switches
from tests.pages.conftest import scrolls_sideways, serious_problems

pytestmark = pytest.mark.browser


def test_a_student_opens_the_link_of_a_join_code(page: Page, member: User, team: Team, browser, live_server) -> None:
    Membership.objects.filter(user=member).update(role=Membership.Role.COACH)
    page.goto("/people/")
    page.get_by_role("button", name="Make Join Code").click()
    page.get_by_role("button", name="Make Code").click()
    expect(page.get_by_role("img", name="QR code of the link to join")).to_be_visible()
    link = page.locator("#link").inner_text()
    page.set_viewport_size({"width": 390, "height": 844})
    assert not scrolls_sideways(page)
    assert serious_problems(page) == []
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("table", name="Join codes and invitations")).to_contain_text("30 of 30 people")
    assert serious_problems(page) == []
    _join_by(link, browser.new_context())
    assert team.memberships.get(user__username="mia").role == Membership.Role.MEMBER


def _join_by(link: str, visitor: BrowserContext) -> None:
    student = visitor.new_page()
    student.goto(link)
    expect(student.get_by_role("heading", name="Join Team 7001")).to_be_visible()
    assert "#" not in student.url
    assert serious_problems(student) == []
    student.get_by_label("Your name or a nickname").fill("mia")
    for label in ("Password", "Repeat the password"):
        student.get_by_label(label, exact=True).fill("blue robots climb")
    student.get_by_role("button", name="Join Team 7001").click()
    expect(student.get_by_text("You're on Team 7001 now. Next time, sign in as mia.")).to_be_visible()
    visitor.close()


def test_a_banner_goes_when_its_reader_hides_it(page: Page, operator: User) -> None:
    switches.show_banner(operator, "New disks on Monday.", timedelta(days=1))
    page.goto("/help/")
    expect(page.get_by_text("New disks on Monday.")).to_be_visible()
    assert serious_problems(page) == []
    page.get_by_role("button", name="Hide this message").click()
    expect(page.get_by_text("New disks on Monday.")).to_have_count(0)
    page.goto("/resources/")
    expect(page.get_by_role("heading", name="What your team has left")).to_be_visible()
    expect(page.get_by_text("New disks on Monday.")).to_have_count(0)


def test_the_pages_around_passwords_fit_a_phone(page: Page, member: User, settings) -> None:
    settings.MAIL_IS_SET = True
    Membership.objects.filter(user=member).update(role=Membership.Role.COACH)
    User.objects.filter(pk=member.pk).update(email="milo@school.example")
    page.set_viewport_size({"width": 390, "height": 844})
    for address in ("/join/", "/forgot-password/", "/password/address/"):
        page.goto(address)
        assert not scrolls_sideways(page)
        assert serious_problems(page) == []
