"""The Videos tab in a browser: how a team begins, what the table says, and how a video is deleted."""

import pytest
from playwright.sync_api import Page, expect

from ftcml.accounts.models import Team
from tests.factories import BoxFactory, VideoFactory
from tests.pages.conftest import serious_problems
from videos.models import Video

pytestmark = pytest.mark.browser


def test_a_team_begins_with_a_sample_video_and_watches_its_frames_come(page: Page, team: Team) -> None:
    page.goto("/videos/")
    expect(page.get_by_role("heading", name="Film what your robot should find")).to_be_visible()
    expect(page.get_by_role("button", name="Upload Video")).to_be_enabled()
    page.get_by_role("button", name="Try with a Sample Video").dblclick()
    row = page.get_by_role("row", name="Sample video")
    expect(row).to_contain_text("Waiting for the first frame")
    Video.objects.update(frames_done=3, frames_total=40)
    expect(row).to_contain_text("Getting frames: 3 of 40")
    Video.objects.update(state=Video.State.READY, frames_done=40, frames_in_video=90, seconds=3, file_bytes=800_000)
    expect(row).to_contain_text("READY")
    cells = row.get_by_role("cell").all_inner_texts()
    assert cells[3:] == ["", "781.2\xa0KB", "", "0:03", "", "90", "40", "0", "0", "READY"]
    assert Video.objects.count() == 1


def test_the_table_has_the_references_columns(page: Page, team: Team) -> None:
    VideoFactory(team=team)
    page.goto("/videos/")
    heads = page.get_by_role("columnheader").all_inner_texts()
    assert [head for head in heads if head.strip()] == [
        *("Date Uploaded", "Description", "Video Filename", "File Size", "Dimensions", "Duration"),
        *("Frames per Second", "Number of Frames", "State", "In Video", "Extracted", "Labeled", "Excluded"),
    ]


def test_buttons_say_why_they_are_off_and_what_was_deleted_comes_back(page: Page, team: Team) -> None:
    unlabeled = VideoFactory(team=team, description="pit")
    labeled = BoxFactory(frame__video__team=team, frame__video__description="field", frame__finished=True)
    page.goto("/videos/")
    produce, delete = (page.get_by_role("button", name=name) for name in ("Produce Dataset", "Delete Videos"))
    expect(produce).to_have_accessible_description("Select a video first.")
    page.get_by_label("Select pit").check()
    expect(produce).to_have_accessible_description("Label some frames first. A dataset is made of labeled frames.")
    page.get_by_label("Select field").check()
    expect(produce).to_be_enabled()
    page.get_by_label("Select field").uncheck()

    delete.click()
    page.get_by_role("dialog").get_by_role("button", name="Delete 1 Video").click()
    expect(page.get_by_role("row", name="pit")).to_be_hidden()
    assert list(Video.objects.all()) == [labeled.frame.video]
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("row", name="pit")).to_be_visible()
    assert Video.objects.filter(pk=unlabeled.pk).exists()


def test_only_coaches_upload_where_the_team_says_so(page: Page, team: Team) -> None:
    team.members_upload = False
    team.save()
    page.goto("/videos/")
    upload = page.get_by_role("button", name="Upload Video")
    expect(upload).to_be_disabled()
    expect(upload).to_have_accessible_description(
        "On your team, only coaches upload. Ask a coach to upload, or to let everyone."
    )
    assert serious_problems(page) == []
