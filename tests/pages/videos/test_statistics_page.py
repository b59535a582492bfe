"""The statistics page of a video in a browser: readable for everyone, in the light, in the dark and on a phone."""

import pytest
from playwright.sync_api import Page, expect

from ftcml.accounts.models import Team, User
from tests.factories import BoxFactory, LabelFactory, VideoFactory, VideoFrameFactory
from tests.pages.conftest import serious_problems


@pytest.mark.browser
def test_a_person_reads_where_objects_are_and_who_labeled_them(page: Page, team: Team, member: User) -> None:
    video = VideoFactory(team=team, description="field", frames_done=30)
    cone, line = (LabelFactory(team=team, name=name, color=color) for color, name in enumerate(("cone", "line")))
    for number in range(30):
        frame = VideoFrameFactory(video=video, number=number, seconds=number / 6, finished=True)
        if number % 10 == 0:
            continue
        BoxFactory(frame=frame, label=cone, xmin=20 * number, ymin=100, xmax=20 * number + 60, ymax=160, person=member)
        if number % 3:
            BoxFactory(frame=frame, label=line, xmin=0, ymin=300, xmax=640, ymax=310)
    page.goto(f"/videos/{video.pk}/")
    page.get_by_role("link", name="Statistics").click()
    expect(page.get_by_role("heading", name="Statistics of field")).to_be_visible()
    expect(page.get_by_text("of “line” are under 10 pixels")).to_be_visible()
    places = page.get_by_role("table", name="Where objects are")
    expect(places.get_by_role("row", name="Bottom")).to_contain_text("18 (40%)")
    expect(page.get_by_role("table", name="Who labeled").get_by_role("row", name="milo")).to_contain_text("27")
    expect(page.get_by_role("table", name="Objects in a frame").get_by_role("row", name="2")).to_contain_text("18")
    for scheme, size in (("light", (1280, 720)), ("dark", (390, 844))):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert serious_problems(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.goto("/videos/")
    page.get_by_role("link", name="Statistics").click()
    expect(page.get_by_role("heading", name="Statistics of all videos")).to_be_visible()
    expect(page.get_by_text("in 30 labeled frames.")).to_be_visible()
    assert serious_problems(page) == []
