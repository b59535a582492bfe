"""Coaches say on the page of the people whether members upload as well."""

import pytest
from playwright.sync_api import Page, expect

from ftcml.accounts.models import Membership, Team, User

pytestmark = pytest.mark.browser


def test_a_coach_says_who_uploads(page: Page, member: User, team: Team) -> None:
    Membership.objects.filter(user=member).update(role=Membership.Role.COACH)
    page.goto("/people/")
    switch = page.get_by_label("Everyone on the team may upload videos")
    expect(switch).to_be_checked()
    with page.expect_response("**/people/uploads/"):
        switch.uncheck()
    page.reload()
    expect(switch).not_to_be_checked()
    Membership.objects.filter(user=member).update(role=Membership.Role.MEMBER)
    page.goto("/videos/")
    expect(page.get_by_role("button", name="Upload Video")).to_be_visible()
    page.goto("/people/")
    expect(page.get_by_text("Only coaches upload videos for your team.")).to_be_visible()
    assert not Team.objects.get(pk=team.pk).members_upload
