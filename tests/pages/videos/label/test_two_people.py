"""Two people label one video: each sees where the other is and what they do, and none overwrites the other unseen."""

import pytest
from playwright.sync_api import expect

from ftcml.accounts.models import User
from tests.pages.conftest import serious_problems
from tests.pages.videos.label.conftest import Hand, boxes_of, is_near
from videos.models import Video

pytestmark = pytest.mark.browser
SOON = 12_500  # within two seconds, where the machine has nothing else to do


def test_they_see_each_other_and_settle_what_both_changed(hand: Hand, other: Hand, coach: User, video: Video) -> None:
    hand.open(video)
    other.open(video, 3)
    expect(hand.page.get_by_role("button", name=f"{coach} · frame 4")).to_be_visible()
    other.press("Home")
    labels = other.page.locator("#labels")
    labels.get_by_role("button", name="cube").hover()
    other.page.mouse.down()
    hand.drag((100, 100), (200, 180))
    expect(other.page.locator("#stage .box")).to_have_count(1, timeout=SOON)
    other.page.mouse.up()  # news that comes during a click doesn't take it away
    expect(labels.locator("[aria-pressed=true]")).to_contain_text("cube")
    labels.get_by_role("button", name="cone").click()
    other.drag((300, 100), (400, 180))
    expect(hand.page.locator("#stage .box")).to_have_count(2, timeout=SOON)

    # Different things of one box are merged.
    other.press("Escape")
    other.click(150, 140)
    other.press("2")
    other.is_saved()
    hand.press("Escape")
    expect(hand.page.locator("#stage .box text").first).to_have_text("cube", timeout=SOON)

    # The same thing is asked: both move the box, one of them while offline.
    hand.click(150, 140)
    hand.page.context.set_offline(True)
    hand.press(*["Shift+s"] * 3)
    other.press("Shift+w")
    other.is_saved()
    hand.page.context.set_offline(False)
    both = hand.page.get_by_role("alert").filter(has_text="Two versions of a box")
    expect(both).to_contain_text("Someone else changed the same box in frame 1.")
    assert serious_problems(hand.page) == []
    hand.is_saved()
    assert is_near(boxes_of(video)[0][1], (100, 90, 200, 170)), "the other's version stays until a person decides"
    both.get_by_role("button", name="Keep Mine").click()
    expect(both).to_be_hidden()
    hand.is_saved()
    assert is_near(boxes_of(video)[0][1], (100, 130, 200, 210))

    # One drags it while the other moves it: what came meanwhile isn't overwritten unseen.
    hand.page.mouse.move(*hand.at(150, 170))
    hand.page.mouse.down()
    hand.page.mouse.move(*hand.at(150, 180), steps=3)
    expect(other.page.locator("#boxes")).to_contain_text("at 100, 130", timeout=SOON)
    other.press("Shift+d")
    expect(hand.page.locator("#boxes")).to_contain_text("at 110, 130", timeout=SOON)
    hand.page.mouse.up()
    both.get_by_role("button", name="Keep Mine").click()
    hand.is_saved()
    assert is_near(boxes_of(video)[0][1], (100, 140, 200, 220))

    # One deletes what the other moves.
    expect(other.page.locator("#boxes")).to_contain_text("at 100, 140", timeout=SOON)
    hand.page.context.set_offline(True)
    hand.press("Delete")
    other.press("Shift+d")
    other.is_saved()
    hand.page.context.set_offline(False)
    expect(both.locator("[data-side=mine]")).to_contain_text("Deleted")
    both.get_by_role("button", name="Keep Theirs").click()
    hand.sees_boxes(2)
    assert len(boxes_of(video)) == 2
