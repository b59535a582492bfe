"""A room with HTTPS in a real browser, which doesn't know the certificate: past its warning, everything works."""

from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Error, Page, expect

from datasets.models import Dataset
from ftcml.accounts.models import User
from ftcml.accounts.services.hashing import FewAtATime
from ftcml.launcher.room import certificate
from scripts import chromium
from tests.factories import PASSWORD
from tests.pages.conftest import ARGUMENTS
from tests.processes import web_server
from tests.serving.test_large_requests import files_are_ours  # noqa: F401 - a fixture

CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
PICTURE = """async () => {
  const stream = await navigator.mediaDevices.getUserMedia({ video: true });
  const { width } = stream.getVideoTracks()[0].getSettings();
  for (const track of stream.getTracks()) track.stop();
  return width;
}"""


def go_past_the_warning(page: Page, address: str) -> None:
    """Do what the page about the warning says."""
    with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
        page.goto(address)
    page.get_by_role("button", name="Advanced").click()
    page.get_by_role("link", name="Proceed to 127.0.0.1 (unsafe)").click()


@pytest.mark.browser
@pytest.mark.usefixtures("files_are_ours")
def test_past_the_warning_camera_sign_in_upload_and_live_pages_work(
    browser, transactional_db, member: User, small_zip: Path, tmp_path: Path
) -> None:
    hasher = FewAtATime()
    User.objects.filter(pk=member.pk).update(password=hasher.encode(PASSWORD, hasher.salt()))
    file = tmp_path / "certificate-and-key.pem"
    certificate.ensure(file, ["127.0.0.1"], timezone.now())
    room = {"FTCML_ROOM_ADDRESSES": "https://127.0.0.1:8000", "FTCML_ROOM_CERTIFICATE": str(file)}
    arguments = {"executable_path": chromium.whole(), "args": [*ARGUMENTS, *CAMERA]}
    with web_server(workers=1, **room) as port, browser.browser_type.launch(**arguments) as window:
        page = window.new_page()
        page.goto(f"http://127.0.0.1:{port}/datasets/")
        expect(page.get_by_role("heading", name="Your browser warns once")).to_be_visible()
        go_past_the_warning(page, f"https://127.0.0.1:{port}/datasets/")
        assert page.evaluate("window.isSecureContext")
        assert page.evaluate(PICTURE) > 0
        assert page.evaluate("Notification.permission") in ("default", "denied")

        page.get_by_label("User name").fill(member.username)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign In").click()
        page.get_by_role("button", name="Import Dataset").click()
        page.get_by_label("Zip file").set_input_files(small_zip)
        page.get_by_label("Description").fill("cones, gym")
        page.get_by_role("button", name="Import", exact=True).click()
        expect(page.get_by_text("Reading the zip file…")).to_be_visible()
        Dataset.objects.update(frames_done=30, frames_total=200)
        expect(page.get_by_text("Importing: 30 of 200 frames")).to_be_visible()
