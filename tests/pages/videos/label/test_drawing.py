"""Boxes are drawn, moved, resized, labeled and deleted with the mouse, and everything can be undone."""

import pytest
from playwright.sync_api import expect

from tests.pages.conftest import scrolls_sideways, serious_problems, wait_for
from tests.pages.videos.label.conftest import Hand, boxes_of, frame_of, is_near
from videos.models import Label, Video

pytestmark = pytest.mark.browser


def test_a_person_draws_changes_and_deletes_boxes(hand: Hand, video: Video) -> None:
    page = hand.page
    page.goto(f"/videos/{video.pk}/")
    page.get_by_role("link", name="Label", exact=True).click()
    hand.sees_frame(0)
    how = page.locator(".stage-first")
    expect(how).to_be_visible()
    expect(how).to_have_text("Drag over an object to draw its box.")
    hand.drag((100, 100), (200, 180))
    hand.sees_boxes(1)
    expect(how).to_be_hidden()
    hand.drag((150, 140), (170, 150))  # the new box is selected: this moves it
    hand.drag((220, 150), (260, 150))  # and this its right edge
    hand.is_saved()
    [(label, corners)] = boxes_of(video)
    assert label == "cone"
    assert is_near(corners, (120, 110, 260, 190))

    page.get_by_role("button", name="cube").click()  # the label of the selected box, and of the next
    expect(page.locator("#stage")).to_be_focused()
    hand.drag((600, 300), (900, 500))  # beyond the frame
    hand.is_saved()
    assert [label for label, _ in boxes_of(video)] == ["cube", "cube"]
    assert is_near(boxes_of(video)[1][1], (600, 300, 640, 360))
    hand.drag((620, 330), (300, 100))  # the second one, away from the edge
    hand.drag((300, 100), (-500, 100))  # and against the left one, where it stops
    hand.is_saved()
    xmin, _, xmax, _ = boxes_of(video)[1][1]
    assert (xmin, xmax) == (0, 40)

    hand.press("Escape")
    hand.drag((5, 60), (270, 250), "Shift")  # both are touched
    expect(page.locator("#stage .is-chosen")).to_have_count(2)
    hand.press("Delete")
    hand.sees_boxes(0)
    hand.press("Control+z")
    hand.sees_boxes(2)
    hand.is_saved()
    assert len(boxes_of(video)) == 2
    hand.press("Enter")
    hand.is_saved()
    page.go_back()  # where the numbers are those of now
    expect(page.get_by_role("link", name="Labeled 1", exact=True)).to_be_visible()


def test_whatever_comes_between_a_drag_leaves_the_boxes_right(hand: Hand, video: Video) -> None:
    page, mouse = hand.page, hand.page.mouse
    hand.open(video)

    def begin(start: tuple[float, float], end: tuple[float, float]) -> None:
        mouse.move(*hand.at(*start))
        mouse.down()
        mouse.move(*hand.at(*end), steps=3)
        expect(page.locator(".draft")).to_be_visible()

    begin((100, 100), (200, 180))
    hand.press("ArrowRight")  # another frame
    hand.sees_frame(1)
    mouse.move(*hand.at(260, 200))
    mouse.up()
    begin((100, 100), (200, 180))
    hand.press("Escape")
    mouse.up()
    begin((100, 100), (200, 180))
    # It was released where the page heard nothing of it.
    unheard = {"pointerId": 1, "pointerType": "mouse", "buttons": 0, "bubbles": True}
    page.locator("#stage").dispatch_event("pointermove", unheard)
    expect(page.locator(".draft")).to_have_count(0)
    mouse.up()
    hand.sees_boxes(0)

    begin((100, 100), (200, 180))
    width = page.locator("#stage img").bounding_box()["width"]
    page.set_viewport_size({"width": 1000, "height": 600})
    wait_for(page, f"document.querySelector('#stage img').getBoundingClientRect().width < {width}")
    mouse.move(*hand.at(200, 180))
    mouse.wheel(0, -600)
    wait_for(page, f"document.querySelector('#stage img').getBoundingClientRect().width > {width}")
    mouse.move(*hand.at(200, 180))
    mouse.up()
    hand.sees_boxes(1)
    hand.press("z")
    wait_for(page, f"document.querySelector('#stage img').getBoundingClientRect().width < {width}")
    hand.drag((200, 180), (20, 30))  # its corner, beyond the one on the other side
    hand.is_saved()
    assert is_near(boxes_of(video, 1)[0][1], (100, 100, 102, 102))
    mouse.click(*hand.at(300, 300), button="right")
    hand.sees_boxes(1)


def test_a_picture_that_is_lost_is_asked_for_once_and_again_on_a_click(hand: Hand, video: Video) -> None:
    page, asked = hand.page, []
    page.route("**/frames/1.jpg", lambda route: (asked.append(route), route.abort()))
    hand.open(video)
    hand.press("ArrowRight")
    expect(page.get_by_text("This frame's picture didn't load.")).to_be_visible()
    hand.press("ArrowRight")
    hand.sees_frame(2)
    assert len(asked) == 2
    hand.press("ArrowLeft")
    expect(page.get_by_text("This frame's picture didn't load.")).to_be_visible()
    page.unroute("**/frames/1.jpg")
    page.get_by_role("button", name="Try Again").click()
    hand.sees_frame(1)


def test_everything_is_undone_across_frames(hand: Hand, video: Video) -> None:
    hand.open(video)
    hand.drag((100, 100), (200, 180))
    hand.press("Enter")
    hand.sees_frame(1)
    hand.page.get_by_role("button", name="Undo").hover()
    expect(hand.page.get_by_role("tooltip")).to_have_text("Undo: marked frame 1 as “All Labeled” (Ctrl + Z)")
    hand.press("c", "2", "ArrowRight")  # copied from the frame before, and labeled otherwise
    hand.sees_frame(2)
    hand.press("Control+z")
    hand.sees_frame(1)
    expect(hand.page.locator("#stage .box text")).to_have_text("cone")
    hand.press("Control+z", "Control+z")
    hand.sees_frame(0)
    hand.is_saved()
    assert not frame_of(video, 0).finished
    hand.press("Control+z")
    hand.sees_boxes(0)
    hand.press(*["Control+y"] * 4)
    hand.sees_frame(1)
    hand.is_saved()
    assert frame_of(video, 0).finished
    assert [boxes_of(video, number)[0][0] for number in (0, 1)] == ["cone", "cube"]


def test_the_first_label_is_made_in_place_whatever_is_in_it(hand: Hand, unlabeled: Video) -> None:
    page = hand.page
    hand.open(unlabeled)
    hand.drag((100, 100), (200, 180))
    name = page.get_by_label("New label")
    expect(name).to_be_focused()
    expect(page.get_by_text("Name what you drew.")).to_be_visible()
    expect(page.locator(".draft")).to_be_visible()  # what it's about
    name.fill('red, "tall" cone')
    name.press("Enter")
    hand.sees_boxes(1)
    expect(page.locator("#stage")).to_be_focused()
    hand.is_saved()
    assert boxes_of(unlabeled)[0][0] == 'red, "tall" cone'
    page.get_by_label("New label").fill(" ")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("Enter a label of 1 to 100 characters.")).to_be_visible()
    assert Label.objects.count() == 1


def test_zoom_keeps_what_is_below_the_pointer_and_fits_again(hand: Hand, video: Video) -> None:
    page = hand.page
    hand.open(video)
    hand.drag((100, 100), (200, 180))
    before = hand.at(150, 140)
    page.mouse.move(*before)
    page.mouse.wheel(0, -600)
    page.wait_for_timeout(100)
    after = hand.at(150, 140)
    assert all(abs(one - other) < 2 for one, other in zip(before, after, strict=True))
    width = page.locator("#stage img").bounding_box()["width"]
    hand.drag((150, 140), (160, 140))  # finer than before
    hand.is_saved()
    assert is_near(boxes_of(video)[0][1], (110, 100, 210, 180))
    hand.press("z")
    page.wait_for_timeout(100)
    assert page.locator("#stage img").bounding_box()["width"] < width / 2
    page.get_by_label("Brightness").fill("2")
    expect(page.locator("#stage img")).to_have_css("filter", "brightness(2)")


def test_the_page_works_on_a_phone_and_for_everyone(hand: Hand, video: Video) -> None:
    page = hand.page
    page.set_viewport_size({"width": 390, "height": 844})
    hand.open(video)
    hand.drag((100, 100), (300, 250))
    hand.sees_boxes(1)
    expect(page.locator("#boxes .side-row")).to_have_count(1)
    assert serious_problems(page) == []
    assert not scrolls_sideways(page)
    hand.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    assert serious_problems(page) == []
