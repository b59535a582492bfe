"""On a phone a finger draws and moves boxes, and two zoom."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from ftcml.accounts.models import User
from tests.pages.conftest import sign_in
from tests.pages.videos.label.conftest import Hand, boxes_of, is_near
from videos.models import Video

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(browser: Browser, member: User, live_server) -> Iterator[Page]:
    size = {"width": 390, "height": 844}
    context = browser.new_context(base_url=live_server.url, viewport=size, has_touch=True, is_mobile=True)
    sign_in(context, member, live_server.url)
    yield context.new_page()
    context.close()


def touch(page: Page, *fingers: list[tuple[float, float]]) -> None:
    """Put fingers down, move each along its places, and lift them."""
    session = page.context.new_cdp_session(page)
    for step, places in enumerate(zip(*fingers, strict=True)):
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(places)]
        session.send("Input.dispatchTouchEvent", {"type": "touchMove" if step else "touchStart", "touchPoints": points})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_fingers_draw_move_and_zoom(phone: Page, video: Video) -> None:
    hand = Hand(phone)
    hand.open(video)
    touch(phone, [hand.at(100, 100), hand.at(150, 140), hand.at(200, 180)])
    hand.sees_boxes(1)
    touch(phone, [hand.at(150, 140), hand.at(250, 140), hand.at(350, 140)])
    hand.is_saved()
    xmin, ymin, xmax, ymax = boxes_of(video)[0][1]
    assert is_near([xmax - xmin, ymax - ymin], (100, 80))
    assert xmin > 290
    width = phone.locator("#stage img").bounding_box()["width"]
    middle = [hand.at(320, 180)] * 2
    touch(phone, middle, [hand.at(330, 180), hand.at(630, 180)])
    expect(phone.locator("#stage .box")).to_have_count(1)  # two fingers draw nothing
    assert phone.locator("#stage img").bounding_box()["width"] > 2 * width
    phone.get_by_role("button", name="See the whole frame").tap()
    phone.get_by_role("button", name="cube").first.tap()
    phone.get_by_role("button", name="All Labeled").tap()
    hand.sees_frame(1)
    hand.is_saved()
    assert boxes_of(video)[0][0] == "cube"
