"""The page of a video in a browser: frames, what a person says of them, and the player."""

import re

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from playwright.sync_api import Page, expect

from ftcml.accounts.models import Team
from ftcml.core.files import storage
from tests.factories import BoxFactory, VideoFactory, VideoFrameFactory
from tests.one_of_everything import jpeg
from tests.pages.conftest import serious_problems
from videos.models import Frame, Video


@pytest.fixture
def video(team: Team) -> Video:
    """Six frames within a second: one with a box, two that hardly differ from it."""
    video = VideoFactory(team=team, description="field", frames_done=6)
    for number in range(6):
        frame = VideoFrameFactory(video=video, number=number, seconds=number / 6)
        storage.put(frame.picture_name, ContentFile(jpeg("")))
    BoxFactory(frame=video.frames.get(number=0), label__name="cone")
    video.frames.filter(number__in=(1, 2)).update(near_duplicate_of=0)
    return video


@pytest.mark.browser
def test_a_person_looks_through_the_frames_and_says_what_is_in_them(page: Page, video: Video) -> None:
    page.goto(f"/videos/{video.pk}/")
    pictures = page.locator(".gallery img")
    expect(pictures).to_have_count(6)
    expect(pictures.first).to_have_js_property("naturalWidth", 480)
    expect(page.locator(".gallery rect")).to_have_count(1)
    expect(page.get_by_role("row", name="cone")).to_contain_text("1")

    page.get_by_role("button", name="Ignore 2 Near-Duplicates").click()
    expect(page.get_by_text("Ignored 2 near-duplicates.")).to_be_visible()
    expect(page.get_by_role("link", name="Ignored 2")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="Ignored 0")).to_be_visible()
    page.get_by_role("button", name="Ignore 2 Near-Duplicates").click()
    expect(page.get_by_role("button", name="Take In 2 Near-Duplicates")).to_be_visible()

    page.get_by_role("link", name="Unlabeled").click()
    expect(pictures).to_have_count(4)
    pictures.nth(1).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("2 of 4 frames")
    assert serious_problems(page) == []
    dialog.get_by_role("button", name="Nothing Here").click()
    expect(dialog.get_by_role("status").get_by_text("Nothing here")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(dialog.get_by_role("heading", name="0:00.67")).to_be_visible()
    dialog.get_by_role("button", name="Ignore").click()
    expect(dialog.get_by_role("button", name="Take In Again")).to_be_visible()
    page.keyboard.press("Escape")
    expect(pictures).to_have_count(2)
    assert Frame.objects.filter(finished=True).get().number == 3
    assert Frame.objects.filter(ignored=True).count() == 3
    page.locator("#activities summary").click()
    expect(page.locator("#activities")).to_contain_text("Labeled 1 frame by milo")


@pytest.mark.browser
def test_a_link_to_a_frame_opens_it_and_the_player_plays_to_the_end(page: Page, video: Video) -> None:
    page.goto(f"/videos/{video.pk}/frames/0/")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("cone")
    expect(dialog.locator("rect")).to_have_count(1)
    page.keyboard.press("Escape")

    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("button", name="Play").click()
    play = dialog.get_by_role("button", name="Play")
    expect(play).to_be_enabled()
    assert sum(".jpg" in url for url in asked) <= 1, "nothing plays by itself"
    assert serious_problems(page) == []
    dialog.get_by_label("Speed").select_option("Double speed")
    play.click()
    expect(dialog.get_by_label("Frame")).to_have_value("5")
    expect(play).to_be_visible()
    expect(dialog.locator("#player-time")).to_have_text("0:00.8")
    dialog.get_by_label("Frame").press("ArrowLeft")
    expect(dialog.locator("#player-picture")).to_have_attribute("src", re.compile(f"/videos/{video.pk}/frames/4[.]jpg"))


def test_a_picture_is_kept_by_the_browser_and_small_in_a_gallery(member_client: Client, video: Video) -> None:
    address = f"/videos/{video.pk}/frames/0.jpg"
    whole, small = member_client.get(address), member_client.get(address, {"size": "small"})
    assert all("immutable" in answer["Cache-Control"] for answer in (whole, small))
    assert len(small.content) < len(whole.getvalue())
    storage.discard(video.frames.get(number=0).picture_name)
    assert member_client.get(address, {"size": "small"}).status_code == 404


@pytest.mark.django_db
def test_a_failed_video_says_why_and_what_to_do(member_client: Client, team: Team) -> None:
    failed = VideoFactory(team=team, state=Video.State.FAILED, reason_code="damaged")
    page = member_client.get(f"/videos/{failed.pk}/").content.decode()
    assert "damaged or incomplete" in page
    assert "Go to Videos" in page
