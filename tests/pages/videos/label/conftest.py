"""A video of twelve frames on the label page, and what a hand does there."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import Browser, Page, expect

from ftcml.accounts.models import Team, User
from ftcml.core.files import storage
from tests.factories import LabelFactory, VideoFactory, VideoFrameFactory
from tests.one_of_everything import jpeg
from tests.pages.conftest import sign_in
from videos.models import Box, Frame, Video

FRAMES = 12


@pytest.fixture
def unlabeled(team: Team) -> Video:
    """Twelve frames of two seconds, and no label yet."""
    video = VideoFactory(team=team, description="field", frames_done=FRAMES)
    for number in range(FRAMES):
        frame = VideoFrameFactory(video=video, number=number, seconds=number / 6)
        storage.put(frame.picture_name, ContentFile(jpeg(f"{number}")))
    return video


@pytest.fixture
def video(unlabeled: Video) -> Video:
    """The same, in a team with two labels."""
    for name, color in (("cone", 0), ("cube", 1)):
        LabelFactory(team=unlabeled.team, name=name, color=color)
    return unlabeled


@dataclass(frozen=True)
class Hand:
    """A person at the label page. Places are in pixels of the frame."""

    page: Page

    def open(self, video: Video, frame: int = 0) -> None:
        self.page.goto(f"/videos/{video.pk}/label/?frame={frame}")
        self.sees_frame(frame)

    def sees_frame(self, number: int) -> None:
        expect(self.page.locator("#place [data-number]")).to_have_text(f"Frame {number + 1} of {FRAMES}")
        expect(self.page.locator(f'#stage img[src$="/{number}.jpg"]')).to_be_visible()

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return where a place of the frame is in the window."""
        picture = self.page.locator("#stage img").bounding_box()
        return picture["x"] + x * picture["width"] / 640, picture["y"] + y * picture["height"] / 360

    def drag(self, start: tuple[float, float], end: tuple[float, float], *held: str) -> None:
        """Drag with the mouse, with keys held down."""
        mouse, keyboard = self.page.mouse, self.page.keyboard
        mouse.move(*self.at(*start))
        for key in held:
            keyboard.down(key)
        mouse.down()
        mouse.move(*self.at(*end), steps=4)
        mouse.up()
        for key in held:
            keyboard.up(key)

    def click(self, x: float, y: float) -> None:
        self.page.mouse.click(*self.at(x, y))

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def sees_boxes(self, count: int) -> None:
        expect(self.page.locator("#stage .box")).to_have_count(count)

    def is_saved(self) -> None:
        expect(self.page.locator("#saving [data-words]")).to_have_text("Saved")


@pytest.fixture
def hand(page: Page) -> Hand:
    return Hand(page)


@pytest.fixture
def other(browser: Browser, coach: User, live_server) -> Iterator[Hand]:
    """Another person of the team in a browser of their own."""
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 720})
    sign_in(context, coach, live_server.url)
    yield Hand(context.new_page())
    context.close()


def boxes_of(video: Video, number: int = 0) -> list[tuple[str, list[int]]]:
    """Return the labels and the rounded corners of a frame's boxes, in the order in which they were made."""
    boxes = Box.objects.filter(frame__video=video, frame__number=number).select_related("label").order_by("pk")
    return [(box.label.name, [round(side) for side in (box.xmin, box.ymin, box.xmax, box.ymax)]) for box in boxes]


def frame_of(video: Video, number: int) -> Frame:
    return video.frames.get(number=number)


def is_near(corners: list[int], wanted: tuple[int, ...]) -> bool:
    """Whether corners are where a hand meant them: a pixel of the window is about one of the frame."""
    return all(abs(one - other) <= 2 for one, other in zip(corners, wanted, strict=True))
