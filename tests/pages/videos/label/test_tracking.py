"""A person has an object followed, corrects it where it is lost, continues, confirms it, and undoes it all."""

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import Page, Route, expect

from ftcml.accounts.models import Team
from ftcml.core.files import storage
from tests.factories import BoxFactory, LabelFactory, VideoFactory, VideoFrameFactory
from tests.one_of_everything import jpeg
from tests.pages.conftest import serious_problems
from tests.videos.tracking_runs.moving import Pictures, follow, lefts
from videos.models import Box, Track, Tracking, Video
from videos.tracking_runs import run_leases

pytestmark = pytest.mark.browser
FRAMES = 12


@pytest.fixture
def video(team: Team, monkeypatch) -> Video:
    monkeypatch.setattr(run_leases, "wake_worker", lambda: None)
    video = VideoFactory(team=team, description="field", frames_done=FRAMES)
    for number in range(FRAMES):
        frame = VideoFrameFactory(video=video, number=number, seconds=number / 6)
        storage.put(frame.picture_name, ContentFile(jpeg("")))
    label = LabelFactory(team=team, name="cone")
    BoxFactory(frame=video.frames.get(number=0), label=label, xmin=10, xmax=60)
    return video


def saved(page: Page) -> None:
    expect(page.locator("#saving")).to_have_attribute("data-state", "saved")


def test_an_object_is_followed_lost_corrected_confirmed_and_undone(page: Page, video: Video) -> None:
    page.goto(f"/videos/{video.pk}/label/")
    objects, place = page.locator("#objects"), page.locator("#place")
    expect(page.locator("#stage rect").first).to_be_visible()
    page.keyboard.press("t")
    expect(page.locator("#stage-said")).to_have_text("Select the boxes to track first")
    page.keyboard.press("e")
    asked: list[Route] = []
    page.route("**/label/tracking/", lambda route: asked.append(route), times=1)
    page.keyboard.press("t")
    expect(objects.get_by_text("Starting…")).to_be_visible()
    page.keyboard.press("t")
    expect(page.locator("#stage-said")).to_have_text("Tracking is about to start")
    asked[0].continue_()
    expect(objects.get_by_role("button", name="Stop")).to_be_visible()
    follow(Pictures(dark={6}))

    expect(objects.get_by_role("status")).to_contain_text("cone: lost in frame 7")
    expect(place).to_contain_text("7 of 12")
    page.keyboard.press("g")
    saved(page)
    page.keyboard.press("Shift+d")
    saved(page)
    page.keyboard.press("t")
    expect(objects.get_by_role("button", name="Stop")).to_be_visible()
    follow()
    expect(objects.get_by_role("status")).to_contain_text("That's the last frame.")
    assert lefts(video) == {
        **{number: 10 + 5 * number for number in range(6)},
        **{n: 45 + 5 * (n - 6) for n in range(6, 12)},
    }
    expect(objects.locator(".object-row")).to_contain_text("cone, frames 1–12")
    expect(objects.locator(".object-strip .stretch-open")).to_have_count(2)
    assert serious_problems(page) == []

    objects.get_by_label("Also mark their frames as labeled").check()
    objects.get_by_role("button", name="Confirm", exact=True).click()
    expect(objects.locator(".object-strip .stretch-open")).to_have_count(0)
    assert video.frames.filter(finished=True).count() == FRAMES
    page.locator("#stage").focus()
    page.keyboard.press("Control+z")
    expect(objects.locator(".object-strip .stretch-open")).to_have_count(2)
    page.keyboard.press("End")
    page.keyboard.press("Shift+y")  # all objects, and their frames
    expect(page.locator("#strip-count")).to_contain_text(f"{FRAMES} labeled")
    page.keyboard.press("Control+z")
    expect(page.locator("#strip-count")).to_contain_text("0 labeled")
    expect(objects.locator(".object-strip .stretch-open")).to_have_count(2)
    page.keyboard.press("Control+z")
    expect(objects.locator(".object-row")).to_contain_text("cone, frames 1–7")
    for _ in range(3):
        page.keyboard.press("Control+z")
    expect(objects.locator(".object-row")).to_have_count(0)
    saved(page)
    assert (lefts(video), video.frames.filter(finished=True).count()) == ({0: 10}, 0)


def test_a_tracking_that_was_corrected_midway_is_undone_to_the_last_box(page: Page, video: Video) -> None:
    page.goto(f"/videos/{video.pk}/label/")
    expect(page.locator("#stage")).to_be_focused()  # its keys are there
    page.keyboard.press("e")
    page.keyboard.press("t")
    objects = page.locator("#objects")
    expect(objects.get_by_role("button", name="Stop")).to_be_visible()

    def corrected() -> None:
        """The person moves the box in frame 4 while the tracker is in frame 8."""
        expect(page.locator("#place")).to_contain_text("8 of 12")
        page.keyboard.press("Home")
        for _ in range(4):
            page.keyboard.press("ArrowRight")
        expect(page.locator("#place")).to_contain_text("5 of 12")
        page.keyboard.press("e")
        with page.expect_response("**/save/"):
            page.keyboard.press("Shift+d")

    follow(Pictures(then={8: corrected}))
    expect(objects.get_by_role("status")).to_contain_text("That's the last frame.")
    assert lefts(video, confirmed=True) == {0: 10, 4: 40}
    goes_on_by_itself_from_a_correction(page, video)
    page.locator("#stage").focus()
    page.keyboard.press("Control+z")
    expect(objects.locator(".object-row")).to_contain_text("cone, frame")
    expect(objects.locator(".object-strip .stretch-open")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(objects.locator(".object-row")).to_have_count(0)
    saved(page)
    assert lefts(video) == {0: 10}


def goes_on_by_itself_from_a_correction(page: Page, video: Video) -> None:
    objects = page.locator("#objects")
    stop = objects.get_by_role("button", name="Stop", exact=True)
    before = lefts(video)
    page.keyboard.press("End")
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    expect(page.locator("#place")).to_contain_text("9 of 12")
    page.keyboard.press("e")
    other = VideoFactory(team=video.team)
    busy = [Tracking.objects.create(team=video.team, video=other, frame_number=number) for number in range(3)]
    page.keyboard.press("Shift+d")
    expect(objects.get_by_role("alert")).to_contain_text("Your team tracks 3 times at once already.")
    assert lefts(video) == {**before, 5: 47.5, 6: 55, 7: 62.5, 8: 70}
    page.keyboard.press("Control+z")
    saved(page)
    for run in busy:
        run.delete()

    page.keyboard.press("Shift+d")
    expect(stop).to_be_visible()
    expect(objects.get_by_role("alert")).to_be_hidden()
    with page.expect_response("**/stop/"):
        page.keyboard.press("Control+z")
    saved(page)
    with page.expect_response("**/save/"):
        follow()
    expect(stop).to_be_hidden()
    saved(page)
    assert lefts(video) == before, "what it made goes with the correction"

    page.keyboard.press("Shift+d")
    expect(stop).to_be_visible()
    expect(page.locator("#place")).to_contain_text("9 of 12")
    follow(Pictures(dark={11}), looks_on=True)
    expect(stop).to_be_hidden()
    assert {number: left for number, left in lefts(video).items() if number > 7} == {8: 70, 9: 75, 10: 80}
    expect(objects.locator(".object-row")).to_contain_text("We didn't find it in frame 12")
    page.keyboard.press("End")
    page.keyboard.press("o")
    expect(objects.locator(".object-row")).to_contain_text("tracked up to frame 11. You ended it there.")
    page.keyboard.press("Control+z")
    expect(objects.locator(".object-row")).to_contain_text("We didn't find it in frame 12")
    for _ in range(2):
        page.keyboard.press("Control+z")
    expect(page.locator("#place")).to_contain_text("9 of 12")
    saved(page)
    assert lefts(video) == before


def test_objects_are_split_merged_ended_and_a_run_is_stopped(page: Page, video: Video) -> None:
    track = Track.objects.create(video=video)
    Box.objects.update(track=track)
    for number in (1, 2, 3, 4):
        frame, label = video.frames.get(number=number), video.team.labels.get()
        BoxFactory(frame=frame, label=label, track=track, xmin=10, xmax=60)
    page.goto(f"/videos/{video.pk}/label/?frame=2")
    objects = page.locator("#objects")
    rows = objects.locator(".object-row")
    rows.first.click()
    objects.get_by_role("button", name="Split Here").click()
    expect(rows).to_have_count(2)
    expect(rows.nth(1)).to_contain_text("frames 3–5")
    objects.get_by_role("button", name="Merge", exact=True).click()
    expect(rows).to_have_count(1)
    page.locator("#stage").focus()
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("o")
    strip = objects.locator(".object-strip .stretch")
    expect(strip).to_have_count(2)
    page.keyboard.press("Control+z")
    expect(strip).to_have_count(1)
    saved(page)
    track.refresh_from_db()
    assert (track.gone_from, len(lefts(video))) == ([], 5)
    page.keyboard.press("End")
    page.keyboard.press("g")
    saved(page)
    expect(rows).to_contain_text("frames 1–12")
    page.keyboard.press("Shift+ArrowLeft")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    rows.first.click()
    page.keyboard.press("t")
    expect(objects.get_by_role("button", name="Stop")).to_be_visible()
    with page.expect_response("**/stop/"):
        page.keyboard.press("Shift+t")
    follow()
    expect(objects.get_by_role("status")).to_contain_text("You stopped it.")
    assert Tracking.objects.get().followed.get().ending == "asked"
