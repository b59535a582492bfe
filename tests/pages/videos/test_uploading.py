"""Uploads in a browser: what is cut off resumes, whatever cut it, and nothing comes twice."""

import hashlib
import random
import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Route, expect

from ftcml.accounts.models import User
from ftcml.core.files import storage
from tests.factories import PASSWORD
from tests.pages.conftest import expire_sessions, serious_problems
from tests.videos.uploads.sending import JPEG
from videos.models import Upload, Video

pytestmark = pytest.mark.browser
SIZE = 3_000_000
# Percent that are here.
SOME = re.compile(r"^[1-9]")
PART = re.compile(r"/uploads/[0-9a-f-]{36}/$")


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """What begins as an MP4 does."""
    path = tmp_path / "red_cones.mp4"
    path.write_bytes(b"\x00\x00\x00\x18ftypmp42" + random.Random(7).randbytes(SIZE))
    return path


def choose(page: Page, *files: Path) -> None:
    page.get_by_role("button", name="Upload Video").click()
    page.get_by_label("Files", exact=True).set_input_files(list(files))


def begin(page: Page, *files: Path) -> None:
    page.goto("/videos/")
    choose(page, *files)
    page.get_by_role("button", name="Upload", exact=True).click()


def sent(page: Page) -> list[int]:
    """The bytes of the files that the page sends from now on: a list that grows."""
    sizes: list[int] = []

    def note(request: Request) -> None:
        if request.method == "PATCH":
            sizes.append(int(request.header_value("content-length") or 0))

    page.on("request", note)
    return sizes


def assert_stored(film: Path) -> None:
    """The whole file is there, and once."""
    video = Video.everything.get()
    assert video.state == "EXTRACTING"
    with storage.open_file(video.uploads.get().stored_name) as stored:
        assert hashlib.sha256(stored.read()).digest() == hashlib.sha256(film.read_bytes()).digest()


def cut(page: Page, after: int) -> None:
    """Have the network fail for all parts after so many."""
    count = iter(range(10**6))
    page.route(PART, lambda route: route.fallback() if next(count) < after else route.abort())


def test_videos_pictures_and_what_is_none_are_uploaded_together(page: Page, film: Path, tmp_path: Path) -> None:
    pictures = [tmp_path / f"frame{number}.jpg" for number in range(3)]
    for picture in pictures:
        picture.write_bytes(JPEG)
    (tmp_path / "song.mp4").write_bytes(b"ID3" * 100)
    page.goto("/videos/")
    choose(page, film, *pictures, tmp_path / "song.mp4")
    names = page.get_by_label("Description")
    expect(names).to_have_count(3)
    assert [name.input_value() for name in names.all()] == ["red cones", "frame0", "song"]
    names.nth(0).fill("")
    expect(page.get_by_role("button", name="Upload", exact=True)).to_be_disabled()
    names.nth(0).fill("gym")
    page.get_by_label("One frame in every few").check()
    page.get_by_label("Take one frame in").fill("7")
    assert serious_problems(page) == []
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_hidden()

    expect(page.get_by_role("alert")).to_contain_text("That file isn't a video we can read.")
    expect(page.get_by_text("Here. We're getting the frames.")).to_have_count(2)
    expect(page.get_by_role("cell", name="EXTRACTING")).to_have_count(2)
    video, several = (Video.everything.get(description=name) for name in ("gym", "frame0"))
    assert (video.kind, video.extraction, video.every_nth) == ("video", "every_nth", 7)
    assert (several.kind, several.uploads.count()) == ("pictures", 3)
    assert not Video.everything.filter(description="song").exists()


def drop(page: Page, path: Path) -> None:
    """Let go of a file or folder over the page, as a person does who drags it out of another window."""
    devtools = page.context.new_cdp_session(page)
    dragged = {"x": 600, "y": 400, "data": {"items": [], "files": [str(path)], "dragOperationsMask": 1}}
    for what in ("dragEnter", "dragOver", "drop"):
        devtools.send("Input.dispatchDragEvent", {"type": what, **dragged})


def test_a_folder_of_pictures_is_chosen_or_dropped(page: Page, tmp_path: Path) -> None:
    folder = tmp_path / "red_cones"
    (folder / "far").mkdir(parents=True)
    for name in ("1.jpg", "far/1.jpg", "far/.DS_Store"):
        (folder / name).write_bytes(JPEG)
    page.goto("/videos/")
    drop(page, folder)
    chosen = page.locator(".chosen-file")
    expect(chosen).to_contain_text("2 pictures")
    expect(chosen.get_by_role("textbox")).to_have_value("red cones")
    chosen.get_by_role("button").click()
    with page.expect_file_chooser() as asked:
        page.get_by_role("button", name="Choose a Folder").click()
    asked.value.set_files(folder)
    expect(chosen).to_contain_text("2 pictures")
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.get_by_role("row", name="red cones")).to_contain_text("EXTRACTING")
    assert sorted(Upload.objects.values_list("filename", flat=True)) == ["1.jpg", "1.jpg"]


def test_an_upload_goes_on_after_the_network_failed_and_after_a_pause(page: Page, film: Path) -> None:
    page.goto("/videos/")
    cut(page, after=3)
    network = page.context.new_cdp_session(page)
    choose(page, film)
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.locator("[data-percent]")).to_have_text(SOME)
    page.context.set_offline(True)
    expect(page.get_by_text("The connection is gone.")).to_be_visible()
    assert 0 < Upload.objects.get().offset < SIZE
    page.unroute(PART)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 400_000}
    network.send("Network.emulateNetworkConditions", slow)
    page.context.set_offline(False)
    network.send("Network.emulateNetworkConditions", slow)
    expect(page.locator("[data-words]")).to_have_text(re.compile(r"MB per second, less than a minute left"))
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Paused.")).to_be_visible()
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    network.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": -1})
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_text("Here. We're getting the frames.")).to_be_visible()
    assert_stored(film)


def test_an_upload_goes_on_after_its_tab_was_closed(page: Page, visitor: BrowserContext, film: Path) -> None:
    page.goto("/videos/")
    cut(page, after=3)
    choose(page, film)
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.locator("[data-percent]")).to_have_text(SOME)
    page.close()
    there = Upload.objects.get().offset
    assert there > 0
    again = visitor.new_page()
    sizes = sent(again)
    begin(again, film)
    expect(again.get_by_text("Here. We're getting the frames.")).to_be_visible()
    assert sum(sizes) <= SIZE + 20 - there
    assert_stored(film)


def test_an_upload_goes_on_after_a_session_expired(page: Page, member: User, film: Path) -> None:
    page.goto("/videos/")
    parts = iter(range(10**6))

    def expire(route: Route) -> None:
        if next(parts) == 3:
            expire_sessions()
        route.fallback()

    page.route(PART, expire)
    choose(page, film)
    page.get_by_role("button", name="Upload", exact=True).click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("dialog").get_by_role("button", name="Sign In").click()
    expect(page.get_by_text("Here. We're getting the frames.")).to_be_visible()
    assert_stored(film)


def test_an_upload_is_canceled_with_all_that_has_come(page: Page, film: Path, stored_files) -> None:
    page.goto("/videos/")
    cut(page, after=3)
    choose(page, film)
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.locator("[data-percent]")).to_have_text(SOME)
    page.unroute(PART)
    page.get_by_role("button", name="Cancel Upload").click()
    expect(page.get_by_role("region", name="Uploads")).to_be_hidden()
    expect(page.get_by_role("cell", name="UPLOADING")).to_have_count(0)
    assert not Video.everything.exists()
    assert stored_files() == []
