"""By the school's account in a real browser, at a provider that runs: to the first page, back in, and out of both."""

import pytest
from allauth.socialaccount.models import SocialAccount
from playwright.sync_api import BrowserContext, Page, expect

from ftcml.accounts.models import User
from tests.accounts.sign_on.conftest import oidc_process, provider
from tests.pages.conftest import expire_sessions, serious_problems, sign_out
from tests.pages.videos.label.conftest import unlabeled, video
from tests.servers.oidc_provider import OidcProvider
from videos.models import Comment, Video

__all__ = ["oidc_process", "provider", "unlabeled", "video"]

pytestmark = pytest.mark.browser


def test_a_school_account_opens_the_server_and_saves_what_was_typed(
    visitor: BrowserContext, provider: OidcProvider, member: User, video: Video, live_server
) -> None:
    provider.knows(f"{live_server.url}/sign-in/provider/back/")
    SocialAccount.objects.create(user=member, provider=provider.issuer, uid="1")
    page = visitor.new_page()
    label = f"/videos/{video.pk}/label/"
    page.goto(f"/sign-in/?next={label}")
    assert serious_problems(page) == []
    page.get_by_role("button", name="Sign In with School Account").click()
    agree(page)
    expect(page.get_by_label("About this frame")).to_be_visible()
    expect(page.locator("#strip-count")).not_to_be_empty()  # the page's scripts have begun

    # The session ends while a comment is typed. A tab of its own leads to the provider and back.
    page.get_by_label("About this frame").fill("The box is too wide.")
    expire_sessions()
    page.get_by_role("button", name="Comment", exact=True).click()
    dialog = page.get_by_role("dialog", name="Sign in again")
    expect(dialog).to_be_visible()
    with visitor.expect_page() as opened:
        dialog.get_by_role("button", name="Sign In with School Account").click()
    agree(opened.value, is_known=True)
    expect(dialog).to_be_hidden()
    expect(page.locator("#frame-review")).to_contain_text("The box is too wide.")
    assert Comment.objects.get().text == "The box is too wide."

    page.goto("/videos/")
    sign_out(page)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_role("button", name="Sign In with School Account").click()
    expect(page.get_by_role("button", name="I am milo")).to_be_visible()


def agree(page: Page, is_known: bool = False) -> None:
    """At the provider: say who one is, unless it knows, and allow what is asked for."""
    if not is_known:
        page.get_by_role("button", name="I am milo").click()
    page.get_by_role("button", name="Authorize").click()
