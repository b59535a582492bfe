"""No edit is lost: not offline, not signed out, not while the server restarts, and not with a tab that dies."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.factories import PASSWORD, BoxFactory
from tests.pages.conftest import expire_sessions
from tests.pages.videos.label.conftest import Hand, boxes_of
from videos.models import Box, Label, Track, Video

pytestmark = pytest.mark.browser
SAVE = "**/label/save/"


def saving(page: Page):
    return page.locator("#saving [data-words]")


def test_a_minute_offline_and_a_server_that_restarts_lose_nothing(hand: Hand, video: Video) -> None:
    page = hand.page
    hand.open(video)
    page.context.set_offline(True)
    hand.drag((100, 100), (200, 180))
    expect(saving(page)).to_have_text("Offline. 1 waiting")
    expect(page.get_by_text("Your edits are kept in this browser and saved later.")).to_be_attached()
    hand.press("Enter", "c", "2")
    expect(saving(page)).to_have_text("Offline. 4 waiting")
    assert Box.objects.count() == 0
    page.context.set_offline(False)
    hand.is_saved()
    assert (boxes_of(video)[0][0], boxes_of(video, 1)[0][0]) == ("cone", "cube")

    def busy(route: Route) -> None:
        route.fulfill(status=503, body="")

    page.route(SAVE, busy)
    hand.drag((300, 100), (400, 180))
    expect(saving(page)).to_have_text("Offline. 1 waiting")
    page.unroute(SAVE)
    hand.is_saved()
    assert len(boxes_of(video, 1)) == 2


def test_who_was_signed_out_signs_in_again_in_place(hand: Hand, video: Video) -> None:
    page = hand.page
    hand.open(video)
    expire_sessions()
    hand.drag((100, 100), (200, 180))
    dialog = page.get_by_role("dialog", name="Sign in again")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    expect(saving(page)).to_have_text("Signed out. 1 waiting")
    hand.drag((300, 100), (400, 180))  # nobody is asked again for each edit
    expect(saving(page)).to_have_text("Signed out. 2 waiting")
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Sign In").first.click()
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign In").click()
    hand.is_saved()
    hand.sees_boxes(2)
    assert len(boxes_of(video)) == 2


def test_a_tab_that_dies_leaves_its_edits_to_the_next(hand: Hand, video: Video) -> None:
    page = hand.page
    hand.open(video)
    page.route(SAVE, lambda route: route.abort())
    hand.drag((100, 100), (200, 180))
    expect(saving(page)).to_have_text("Offline. 1 waiting")
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.close(run_before_unload=True)
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    page.close()
    assert Box.objects.count() == 0
    next_page = page.context.new_page()
    Hand(next_page).open(video)
    expect(next_page.get_by_text("Edits from your last visit were still waiting.")).to_be_visible()
    Hand(next_page).sees_boxes(1)
    Hand(next_page).is_saved()
    assert len(boxes_of(video)) == 1


def test_labels_that_others_change_and_edits_that_are_refused_hold_up_nothing(hand: Hand, video: Video) -> None:
    page = hand.page
    hand.open(video)
    Label.objects.filter(name="cone").delete()
    hand.drag((100, 100), (200, 180))
    hand.is_saved()
    assert [label for label, _ in boxes_of(video)] == ["cone"]
    Label.objects.filter(name="cone").update(name="red cone")
    expect(page.locator("#stage .box text")).to_have_text("red cone")
    expect(page.get_by_role("button", name="red cone").first).to_be_visible()

    def refuse(route: Route) -> None:
        route.fulfill(status=400, json={"detail": "A frame can have 100 boxes. Remove some."})

    page.route(SAVE, refuse)
    hand.drag((300, 100), (400, 180))
    expect(page.get_by_text("An edit in frame 1 wasn't saved. A frame can have 100 boxes.")).to_be_visible()
    hand.sees_boxes(1)
    page.unroute(SAVE)
    hand.drag((300, 200), (400, 280))
    hand.is_saved()
    assert len(boxes_of(video)) == 2


def test_an_undo_of_more_boxes_than_a_request_holds_is_saved_in_parts(hand: Hand, video: Video) -> None:
    tracks = [Track.objects.create(video=video) for _ in range(25)]
    label = Label.objects.get(name="cone")
    for frame in video.frames.all():
        places = [{"xmin": 20 * place, "ymin": 10, "xmax": 20 * place + 15, "ymax": 40} for place in range(25)]
        for track, place in zip(tracks, places, strict=True):
            BoxFactory(frame=frame, track=track, label=label, origin=Box.Origin.TRACKED, confirmed=False, **place)
    hand.open(video, frame=11)
    hand.sees_boxes(25)
    hand.press("Shift+Y")
    expect(hand.page.locator("#stage .box.is-unconfirmed")).to_have_count(0)
    assert Box.objects.filter(confirmed=True).count() == 300
    hand.press("Control+z")
    hand.is_saved()
    assert Box.objects.filter(confirmed=False).count() == 300
