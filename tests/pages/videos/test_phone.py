"""A phone uploads without signing in on it, over the address of the room."""

import random
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from ftcml.core.files import storage
from tests.pages.conftest import scrolls_sideways, serious_problems
from videos.models import PhoneTicket, Video

pytestmark = pytest.mark.browser


@pytest.fixture
def room(live_server, settings) -> str:
    """The address of the room, which isn't the one that the laptop's own browser uses."""
    address = f"http://127.0.0.1:{urlsplit(live_server.url).port}"
    settings.ROOM_ADDRESSES = [address]
    return address


def test_a_phone_films_for_the_person_who_shows_the_code(
    page: Page, browser: Browser, room: str, member, tmp_path: Path
) -> None:
    film = tmp_path / "IMG_1234.MOV"
    film.write_bytes(b"\x00\x00\x00\x14ftypqt  " + random.Random(7).randbytes(400_000))
    page.goto("/videos/")
    page.get_by_role("button", name="Upload Video").click()
    page.get_by_role("button", name="Use a Phone").click()
    code = page.get_by_alt_text("QR code for a phone")
    expect(page.get_by_text("The code works for 15 minutes")).to_be_visible()
    assert serious_problems(page) == []

    phone = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    on_phone = phone.new_page()
    asked: list[str] = []
    on_phone.on("request", lambda request: asked.append(f"{request.url} {request.headers.get('referer', '')}"))
    on_phone.goto(code.get_attribute("data-address"))
    assert on_phone.url.startswith(f"{room}/phone/#")
    expect(on_phone.get_by_text("You upload for Team 7001.")).to_be_visible()
    assert serious_problems(on_phone) == []
    assert not scrolls_sideways(on_phone)
    with on_phone.expect_file_chooser() as chooser:
        on_phone.get_by_text("Film or choose a video").tap()
    chooser.value.set_files(film)
    expect(on_phone.get_by_text("Here. We're getting the frames.")).to_be_visible()
    expect(page.get_by_role("dialog").get_by_text(re.compile(r"IMG 1234:\s+here"))).to_be_visible()
    video = Video.objects.get()
    assert (video.created_by, video.filename, video.state) == (member, "IMG_1234.MOV", "EXTRACTING")
    with storage.open_file(video.uploads.get().stored_name) as stored:
        assert stored.read() == film.read_bytes()
    key = urlsplit(on_phone.url).fragment
    assert not any(key in request.partition("#")[0] for request in asked), "the key is in a header alone"
    assert on_phone.goto(f"{room}/videos/").url.startswith(f"{room}/sign-in/")

    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    on_phone.goto(f"{room}/glossary/")
    on_phone.goto(f"{room}/phone/#{key}")
    expect(on_phone.get_by_role("alert")).to_contain_text("This code isn't valid anymore.")
    assert not PhoneTicket.objects.exists()
    phone.close()


def test_a_server_without_a_room_says_how_to_open_one(page: Page) -> None:
    """The dialog opens by itself for a file that is dropped onto the page."""
    page.goto("/videos/")
    made = "() => { const data = new DataTransfer(); data.items.add(new File(['x'], 'red_cones.mov')); return data; }"
    page.dispatch_event("body", "drop", {"dataTransfer": page.evaluate_handle(made)})
    expect(page.get_by_label("Description")).to_have_value("red cones")
    page.get_by_role("button", name="Remove this file").click()
    expect(page.get_by_role("button", name="Upload", exact=True)).to_be_disabled()
    expect(page.get_by_text("start the server with make share")).to_be_visible()
    expect(page.get_by_role("button", name="Use a Phone")).to_be_hidden()
