"""This computer's camera records, and the upload runs meanwhile."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from ftcml.accounts.models import User
from ftcml.core.files import storage
from scripts import chromium
from tests.pages.conftest import ARGUMENTS, sign_in
from videos.models import Upload, Video

pytestmark = pytest.mark.browser


@pytest.fixture
def filming(browser: Browser, member: User, live_server) -> Iterator[Page]:
    """A browser with a camera that shows a test picture."""
    camera = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
    window = browser.browser_type.launch(executable_path=chromium.installed(), args=[*ARGUMENTS, *camera])
    context = window.new_context(base_url=live_server.url)
    sign_in(context, member, live_server.url)
    yield context.new_page()
    window.close()


def test_a_recording_is_uploaded_while_the_camera_runs(filming: Page) -> None:
    page = filming
    page.goto("/videos/")
    page.get_by_role("button", name="Upload Video").click()
    page.get_by_role("button", name="Record", exact=True).click()
    page.get_by_role("button", name="Start Recording").click()
    expect(page.get_by_text("2 of 120 seconds")).to_be_visible()
    assert Upload.objects.get().size is None
    page.get_by_role("button", name="Stop Recording").click()
    expect(page.get_by_text("Here. We're getting the frames.")).to_be_visible()
    video = Video.objects.get()
    assert (video.kind, video.state) == ("recording", "EXTRACTING")
    with storage.open_file(video.uploads.get().stored_name) as stored:
        assert len(stored.read()) == video.file_bytes > 10_000
