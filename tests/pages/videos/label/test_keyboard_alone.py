"""A frame is labeled from beginning to end by keyboard alone, and a person can choose the keys."""

import pytest
from playwright.sync_api import Route, expect

from tests.pages.videos.label.conftest import Hand, boxes_of, frame_of, is_near
from videos.models import KeyBindings, Video

pytestmark = pytest.mark.browser


def test_frames_are_labeled_by_keyboard_alone(hand: Hand, video: Video) -> None:
    page = hand.page
    hand.open(video)
    hand.press("b", "2")  # a new box in the middle, a cube
    hand.press("Shift+a", "w", "Control+Shift+ArrowRight", "Control+ArrowDown")
    hand.is_saved()
    [(label, (xmin, ymin, xmax, ymax))] = boxes_of(video)
    assert label == "cube"
    # Drawn as a square in the middle; then 10 pixels to the left, 1 up, 10 wider, 1 taller.
    assert (xmax - xmin) - (ymax - ymin) == 9
    assert is_near([xmin, ymax], (320 - (xmax - xmin - 10) // 2 - 10, 180 + (ymax - ymin - 1) // 2))
    hand.press("b", "q")
    expect(page.locator("#boxes [aria-pressed=true]")).to_have_count(1)
    hand.press("Control+a", "Backspace", "Control+z", "Escape")

    hand.press(" ")  # all labeled
    hand.sees_frame(1)
    hand.press(" ")  # but not a frame without a box
    expect(page.get_by_text("Draw a box first, or choose “Nothing here”")).to_be_visible()
    hand.sees_frame(1)
    hand.press("n")
    hand.sees_frame(2)
    hand.press("i", "ArrowLeft", "ArrowLeft", "u")  # ignored; the next unlabeled one is behind it
    hand.sees_frame(3)
    hand.press("End")
    hand.sees_frame(11)
    hand.press("Shift+ArrowLeft", "ArrowLeft", "Home", "u")
    hand.sees_frame(3)
    hand.press("c")
    expect(page.get_by_text("The previous frame has no other boxes")).to_be_visible()
    hand.is_saved()
    assert [frame_of(video, number).finished for number in range(4)] == [True, True, False, False]
    assert frame_of(video, 2).ignored
    expect(page.locator("#strip-count")).to_have_text("2 labeled · 1 ignored · 9 to do")

    # The boxes are in the order of the Tab key as well.
    hand.press("Home")
    page.locator("#boxes .side-row").first.focus()
    hand.press("Enter")
    expect(page.locator("#stage .is-chosen")).to_have_count(1)
    expect(page.locator("#boxes .side-row").first).to_be_focused()


def test_held_and_hasty_keys_do_what_is_meant(hand: Hand, video: Video) -> None:
    page, keyboard = hand.page, hand.page.keyboard
    hand.open(video)
    for _ in range(4):
        keyboard.down("n")  # the keyboard repeats it
    keyboard.up("n")
    hand.sees_frame(1)
    for _ in range(4):
        keyboard.down("ArrowRight")
    keyboard.up("ArrowRight")
    hand.sees_frame(5)

    held: list[Route] = []
    # The first save takes as long as the person types.
    page.route("**/label/save/", lambda route: route.continue_() if held else held.append(route))
    with page.expect_request("**/label/save/"):
        hand.press("b")
    hand.press("Shift+d", "2", "b", "1", "2", "1", "q", "2", "Enter", "c", "1", "Control+z", "Enter", "b", "2", "Enter")
    hand.sees_frame(8)
    held[0].continue_()
    hand.is_saved()
    labels = [sorted(label for label, _ in boxes_of(video, number)) for number in range(5, 9)]
    assert labels == [["cone", "cube"], ["cone", "cube"], ["cube"], []]
    assert list(video.frames.filter(finished=True).values_list("number", flat=True)) == [0, 5, 6, 7]


def test_keys_can_be_changed_and_no_two_commands_share_one(hand: Hand, video: Video) -> None:
    page = hand.page
    hand.open(video)
    hand.press("?")
    sheet = page.get_by_role("dialog", name="Keys")
    keys = [key for row in sheet.locator(".sheet-key").all() for key in row.locator("kbd").all_text_contents()]
    assert [key for key in set(keys) if keys.count(key) > 1] == []
    assert len(keys) > 40
    sheet.get_by_role("button", name="Nothing here, next frame").click()
    hand.press("i")
    expect(sheet.get_by_text("I is the key of “Ignore this frame, or take it in again”.")).to_be_visible()
    sheet.get_by_role("button", name="Nothing here, next frame").click()
    with page.expect_response("**/keys/"):
        hand.press("m")
    expect(sheet.get_by_text("M is now the key of “Nothing here, next frame”.")).to_be_visible()
    hand.press("Escape", "n")
    hand.sees_frame(0)
    hand.press("m")
    hand.sees_frame(1)
    hand.is_saved()
    page.wait_for_url("**/?frame=1")
    page.reload()
    hand.sees_frame(1)
    page.get_by_role("button", name="Nothing Here").hover()
    expect(page.get_by_text("Nothing here, next frame (M)")).to_be_visible()
    assert KeyBindings.objects.get().bindings == {"nothing-here": "m"}


def test_frames_play_forward_and_back(hand: Hand, video: Video) -> None:
    page = hand.page
    hand.open(video)
    page.get_by_role("button", name="Play faster").click()
    expect(page.locator("#play-speed")).to_have_text("2×")
    hand.press("p")
    hand.sees_frame(11)
    expect(page.get_by_role("button", name="Play, or stop")).to_have_attribute("aria-pressed", "false")
    hand.press("Shift+p")
    hand.sees_frame(0)
    # The next pictures are there before they are asked for, and each is asked for once.
    asked = page.evaluate("performance.getEntriesByType('resource').filter((one) => one.name.endsWith('.jpg')).length")
    assert asked <= 24
