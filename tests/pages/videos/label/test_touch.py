"""On a phone a finger draws and moves boxes, and two zoom."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from ftcml.accounts.models import User
from tests.factories import BoxFactory
from tests.pages.conftest import scrolls_sideways, serious_problems, sign_in
from tests.pages.videos.label.conftest import Hand, boxes_of, frame_of, is_near
from videos.models import Video

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(browser: Browser, member: User, live_server) -> Iterator[Page]:
    size = {"width": 390, "height": 844}
    context = browser.new_context(base_url=live_server.url, viewport=size, has_touch=True, is_mobile=True)
    sign_in(context, member, live_server.url)
    yield context.new_page()
    context.close()


# Seconds from one place of a finger to the next. Chromium takes a finger that leaves fast for a fling. At times it then
# takes the next tap for what stops the fling: that tap clicks nothing, on any page.
_A_STEP = 0.2


def touch(page: Page, *fingers: list[tuple[float, float]]) -> None:
    """Put fingers down, move each along its places as slowly as hands do, and lift them."""
    session = page.context.new_cdp_session(page)
    paths = list(zip(*fingers, strict=True))
    begun = time.time() - _A_STEP * len(paths)
    for step, places in enumerate(paths):
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(places)]
        event = {"type": "touchMove" if step else "touchStart", "touchPoints": points}
        session.send("Input.dispatchTouchEvent", {**event, "timestamp": begun + _A_STEP * step})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


# What a finger meets on the page, and how small it is.
_SMALL = """
[...document.querySelectorAll("#label :is(button, select, summary, textarea, input:not([type=checkbox]))")]
  .filter((one) => one.checkVisibility())
  .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
  .filter(([, { width, height }]) => width < 39.5 || height < 39.5)
  .map(([told]) => told)
"""


def test_a_hand_beside_a_pen_draws_nothing(phone: Page, video: Video) -> None:
    hand, session = Hand(phone), phone.context.new_cdp_session(phone)
    hand.open(video)

    def pen(kind: str, x: float, y: float) -> None:
        across, down = hand.at(x, y)
        is_down = kind != "mouseReleased"
        event = {"type": kind, "x": across, "y": down, "pointerType": "pen", "button": "left", "clickCount": 1}
        session.send("Input.dispatchMouseEvent", {**event, "buttons": int(is_down)})

    def palm(kind: str, *places: tuple[float, float]) -> None:
        points = [{"x": x, "y": y, "id": 7} for x, y in (hand.at(*place) for place in places)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    palm("touchStart", (500, 300))  # the hand comes down before the pen
    pen("mousePressed", 100, 100)
    pen("mouseMoved", 150, 140)
    palm("touchMove", (560, 330))
    pen("mouseMoved", 200, 180)
    palm("touchEnd")
    pen("mouseReleased", 200, 180)
    hand.sees_boxes(1)
    hand.is_saved()
    assert is_near(boxes_of(video)[0][1], (100, 100, 200, 180))
    palm("touchStart", (400, 60))
    palm("touchMove", (450, 90))
    palm("touchMove", (520, 120))
    palm("touchEnd")
    hand.press("2")  # the box is still selected
    hand.is_saved()
    assert [label for label, _ in boxes_of(video)] == ["cube"]


def test_a_frame_is_labeled_and_proposals_are_accepted_by_touch_alone(phone: Page, video: Video) -> None:
    cone = video.team.labels.get(name="cone")
    BoxFactory(frame=frame_of(video, 1), label=cone, origin="proposed", confirmed=False, score=0.9)
    phone.goto("/videos/")
    phone.get_by_role("link", name="field").first.tap()
    phone.get_by_role("link", name="Label", exact=True).tap()
    hand = Hand(phone)
    hand.sees_frame(0)
    expect(phone.locator("#assigned")).not_to_be_empty()
    assert phone.evaluate(_SMALL) == []
    assert serious_problems(phone) == []
    assert not scrolls_sideways(phone)
    phone.locator("[data-command=finish]").tap(force=True)
    expect(phone.get_by_role("tooltip")).to_contain_text("Draw a box first, or choose “Nothing Here”")
    touch(phone, [hand.at(100, 100), hand.at(150, 140), hand.at(200, 180)])
    hand.sees_boxes(1)
    hand.is_saved()
    phone.get_by_role("button", name="All Labeled").tap()
    hand.sees_frame(1)
    hand.sees_boxes(1)
    phone.get_by_role("button", name="All Labeled").tap()
    hand.sees_frame(2)
    hand.is_saved()
    assert [frame_of(video, number).finished for number in range(3)] == [True, True, False]
    # The frame stays in view beside its tools.
    phone.get_by_label("About this frame").scroll_into_view_if_needed()
    assert phone.locator("#stage").bounding_box()["y"] >= 0


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
