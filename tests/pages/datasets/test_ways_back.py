"""A checked box and its buttons agree, whichever way a person comes back to the tab.

Each is quicker than the tab's own refresh, which comes twice a minute while nothing happens.
"""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from ftcml.accounts.models import Team, User
from tests.factories import DatasetFactory
from tests.pages.conftest import sign_in

pytestmark = pytest.mark.browser
SOON = 10_000


def _check_cones(page: Page) -> None:
    page.goto("/datasets/")
    page.get_by_label("Select cones").check()
    _expect_cones_selected(page)


def _expect_cones_selected(page: Page) -> None:
    expect(page.get_by_label("Select cones")).to_be_checked()
    expect(page.get_by_role("button", name="Start Training")).to_be_enabled(timeout=SOON)
    expect(page.get_by_text("1 selected")).to_be_visible()


@pytest.mark.parametrize("kind", ["visitor", "ordinary"])
def test_back_from_a_dataset(kind: str, request, member: User, team: Team, live_server) -> None:
    context: BrowserContext = request.getfixturevalue(kind)
    sign_in(context, member, live_server.url)
    DatasetFactory(team=team, description="cones")
    page = context.new_page()
    _check_cones(page)
    page.get_by_role("link", name="cones").click()
    expect(page.get_by_role("heading", name="Frames")).to_be_visible()
    page.go_back()
    expect(page).to_have_url(re.compile("/datasets/$"))
    _expect_cones_selected(page)


def test_a_reload(page: Page, team: Team) -> None:
    DatasetFactory(team=team, description="cones")
    _check_cones(page)
    page.reload()
    start = page.get_by_role("button", name="Start Training")
    if page.get_by_label("Select cones").is_checked():  # browsers differ in what a reload keeps
        expect(start).to_be_enabled(timeout=SOON)
    else:
        expect(start).to_be_disabled()


def test_a_second_without_a_network(page: Page, team: Team) -> None:
    DatasetFactory(team=team, description="cones")
    page.goto("/datasets/")
    page.context.set_offline(True)
    page.get_by_label("Select cones").check()
    expect(page.get_by_text("Connection lost.")).to_be_visible()
    page.context.set_offline(False)
    _expect_cones_selected(page)
    expect(page.get_by_text("Connection lost.")).to_be_hidden()


def test_a_network_that_comes_back_unannounced(page: Page, team: Team) -> None:
    DatasetFactory(team=team, description="cones")
    page.goto("/datasets/")
    page.route("**/datasets/table/*", lambda route: route.abort())
    page.get_by_label("Select cones").check()
    expect(page.get_by_text("Connection lost.")).to_be_visible()
    page.unroute("**/datasets/table/*")
    _expect_cones_selected(page)
