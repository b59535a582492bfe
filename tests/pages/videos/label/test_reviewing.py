"""A coach and a member share the work on one video: assigned, sent back, mended, approved."""

import pytest
from playwright.sync_api import expect

from ftcml.accounts.models import User
from tests.factories import BoxFactory
from tests.pages.conftest import serious_problems
from tests.pages.videos.label.conftest import Hand, boxes_of, frame_of, is_near
from videos.models import Video

pytestmark = pytest.mark.browser


def test_a_coach_sends_a_frame_back_and_the_member_mends_it(hand: Hand, other: Hand, coach: User, video: Video) -> None:
    cone = video.team.labels.get(name="cone")
    for frame in video.frames.filter(number__lt=3):
        BoxFactory(frame=frame, label=cone, xmin=100, ymin=100, xmax=200, ymax=180)
    video.frames.filter(number__lt=3).update(finished=True)

    # The coach shares frames out on the page of the video, where the member only reads.
    other.page.goto(f"/videos/{video.pk}/")
    other.page.get_by_role("button", name="Assign Frames").click()
    dialog = other.page.get_by_role("dialog")
    dialog.get_by_label("Member").select_option("milo")
    dialog.get_by_label("To frame").fill("5")
    assert serious_problems(other.page) == []
    dialog.get_by_role("button", name="Assign").click()
    expect(other.page.locator(".assignments")).to_contain_text("milo frames 1 to 5")

    # Approves the first one and sends the second one back.
    other.open(video)
    other.press("Shift+r")
    other.sees_frame(1)
    other.click(150, 140)
    expect(other.page.get_by_label("About the selected cone")).to_be_visible()
    other.press("Escape")
    other.page.get_by_label("About this frame").fill("The box is too wide.")
    other.page.get_by_role("button", name="Send Back").click()
    panel = other.page.locator("#frame-review")
    expect(panel).to_contain_text("Sent back by carla")
    expect(panel).to_contain_text("The box is too wide.")
    assert serious_problems(other.page) == []
    assert (frame_of(video, 0).review, frame_of(video, 1).review) == ("reviewed", "sent_back")

    # The member goes to what is theirs, mends it and says so.
    hand.open(video, 8)
    assigned = hand.page.get_by_role("region", name="Who labels what")
    expect(assigned).to_contain_text("2 of 5 labeled")
    expect(assigned.get_by_role("button", name="Assign Frames")).to_have_attribute("aria-disabled", "true")
    expect(hand.page.locator("#strip-count")).to_contain_text("10 to do")
    hand.press(";")
    hand.sees_frame(1)
    expect(hand.page.locator("#frame-review")).to_contain_text("The box is too wide.")
    hand.click(150, 140)
    hand.drag((200, 140), (160, 140))
    hand.page.get_by_role("button", name="Resolve").click()
    expect(hand.page.locator("#frame-review")).to_contain_text("1 resolved")
    hand.press("Enter")
    hand.press("Shift+l")
    hand.sees_frame(3)
    hand.is_saved()

    assert is_near(boxes_of(video, 1)[0][1], (100, 100, 160, 180))

    # The coach sees it within two seconds, and approves the rest at once.
    expect(other.page.locator("#place [data-state]")).to_have_text("Labeled")
    other.page.get_by_text("Approve a range").click()
    other.page.get_by_role("button", name="Approve Labeled").click()
    expect(other.page.get_by_text("Frames approved: 2")).to_be_visible()
    expect(panel).to_contain_text("Approved by carla")
    other.press("Escape", "Shift+v")
    expect(panel).not_to_contain_text("Approved")
    assert list(video.frames.filter(review="reviewed").values_list("number", flat=True)) == [0, 2]
