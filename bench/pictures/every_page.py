"""Every page in a real Chromium, in each size and color scheme, for people to look at one by one.

    python -m bench every_page --pictures var/pages
    python -m bench every_page --pictures var/pages --only video trash    a few of them

The models are made ones (bench/pages/made_job.py) and a short real training on the sample dataset. Of a dialog that is
higher than the window there are two pictures.
"""

import argparse
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from playwright.sync_api import Browser, FilePayload, Page, sync_playwright

from bench.pictures import page_stops
from bench.pictures.first_visit import operator_page
from bench.pictures.made_videos import add_videos, newcomer_session
from bench.pictures.page_stops import Stop
from bench.pictures.visited_server import ARGUMENTS
from bench.server.client import ApiError, Client
from bench.server.local_server import LocalServer
from detector.contract import catalog
from scripts import chromium

TRAINED_SECONDS = 1800
SIZES = {"laptop": (1280, 720), "phone": (390, 844)}
_TO_THE_END = "dialog => { dialog.scrollTo({ top: 1e6, behavior: 'instant' }); return dialog.scrollTop; }"
# Pictures that lie below the window are on the picture of the page too.
_ALL_PICTURES = (
    "Promise.all([...document.images].map(one => { one.loading = 'eager'; return one.decode().catch(() => 0); }))"
)
# Dialogs and previews ask the server once more after a click.
_SETTLED_MS = 1000


class Sights(dict[str, str]):
    """What there is to look at on the server, name -> its id, made when first asked for."""

    def __init__(self, server: LocalServer, steps: int) -> None:
        self._server, self._steps = server, steps

    def __missing__(self, name: str) -> str:
        makers: dict[str, Callable[[], str]] = {
            "dataset": self._dataset,
            "trained": self._trained,
            "made": lambda: self._server.bench("made_job", "--steps", "2000", "--frames", "40").strip(),
            "video": lambda: add_videos(self._server),
            "newcomer": lambda: newcomer_session(self._server),
        }
        self[name] = makers[name]()
        return self[name]

    def _dataset(self) -> str:
        """The sample dataset; beside it, an import that failed."""
        client = self._server.demo_client()
        (sample,) = client.get("datasets/")["results"]
        client.wait_for_dataset(sample["id"], 180)
        _failed_import(client, self._server.data.with_name("broken.zip"))
        return sample["id"]

    def _trained(self) -> str:
        client = self._server.demo_client()
        trained = client.start(self["dataset"], catalog.DEFAULT, self._steps, "my first detector")
        client.wait_for_end(trained, TRAINED_SECONDS)
        client.wait_for_model(trained, TRAINED_SECONDS)
        return trained


def _failed_import(client: Client, archive: Path) -> None:
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("notes.txt", "no pictures")
    try:
        client.wait_for_dataset(client.import_dataset(archive, "no pictures"), 60)
    except ApiError as error:
        print(f"  refused at once: {error}")


class Camera:
    """Takes the pictures of one server's pages."""

    def __init__(self, server: LocalServer, browser: Browser, options: argparse.Namespace) -> None:
        self._server, self._browser, self._options = server, browser, options
        self._sights = Sights(server, options.steps)

    def take_all(self) -> None:
        if stops := self._chosen(page_stops.MEMBER):
            self._visit(self._member(), stops)
        if stops := self._chosen(page_stops.OPERATOR):
            self._visit(operator_page(self._server, self._browser), stops)
        if stops := self._chosen(page_stops.NEWCOMER):
            self._visit(self._page_of(self._sights["newcomer"]), stops)
        if stops := self._chosen(page_stops.PHONE):
            self._take_phones(stops)

    def _chosen(self, stops: Sequence[Stop]) -> list[Stop]:
        """Those whose pictures are asked for, once what they need is there."""
        chosen = [stop for stop in stops if any(part in stop.name for part in self._options.only)]
        for need in dict.fromkeys(need for stop in chosen for need in stop.needs):
            self._sights[need]
        return chosen

    def _take_phones(self, stops: Sequence[Stop]) -> None:
        """The code for a phone, and the page that it opens there."""
        self._server.stop()
        self._server.environment["FTCML_ROOM_ADDRESSES"] = self._server.url
        self._server.start()
        member = self._member()
        self._visit(member, stops)
        address = member.locator("[data-address]").get_attribute("data-address") or ""
        phone = self._browser.new_page()
        self._visit(phone, [Stop("videos-phone-page", address)])

    def _member(self) -> Page:
        """A window in which the demo team's coach has signed in."""
        name, password = self._server.demo_account()
        page = self._browser.new_context(base_url=self._server.url).new_page()
        page.goto("/sign-in/")
        page.get_by_label("User name").fill(name)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/sign-in/" not in url)
        return page

    def _page_of(self, session: str) -> Page:
        context = self._browser.new_context(base_url=self._server.url)
        context.add_cookies([{"name": "sessionid", "value": session, "url": self._server.url}])
        return context.new_page()

    def _visit(self, page: Page, stops: Sequence[Stop]) -> None:
        for scheme in self._options.schemes:
            for size, (width, height) in SIZES.items():
                page.set_viewport_size({"width": width, "height": height})
                page.emulate_media(color_scheme=scheme)
                for stop in stops:
                    _open(page, stop, stop.address.format_map(self._sights))
                    for part in _parts(page, stop):
                        file = self._options.pictures / f"{stop.name}{part}-{size}-{scheme}.png"
                        page.screenshot(path=file, animations="disabled", full_page=not stop.buttons)
                        _tell(page, file)


def _open(page: Page, stop: Stop, address: str) -> None:
    page.goto("about:blank")  # addresses that differ behind the # alone would not be opened
    page.goto(address)
    page.wait_for_load_state("networkidle")
    for description in stop.select:
        page.get_by_role("checkbox", name=f"Select {description}").check()
    if stop.select:
        page.locator("#why-not").get_by_text(f"{len(stop.select)} selected").wait_for()
    for button in stop.buttons:
        page.locator(f"{button}:not([aria-disabled])").click()
        page.locator("dialog[open]").wait_for()
        page.wait_for_timeout(_SETTLED_MS)
    if stop.film:
        film: FilePayload = {"name": stop.film, "mimeType": "video/mp4", "buffer": b"not sent"}
        page.locator("#upload-form input[type=file]").first.set_input_files(film)
    page.evaluate(_ALL_PICTURES)


def _parts(page: Page, stop: Stop) -> Iterator[str]:
    """Yield what the names of the pictures end in: one, or two where a dialog is higher than the window."""
    yield ""
    if stop.buttons and page.locator("dialog[open]").evaluate(_TO_THE_END):
        yield "-end"


def _tell(page: Page, file: Path) -> None:
    """What lies below the screen is on the picture too; what lies beside it is told."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    print(f"  {file.name}{f': {wide} px too wide' if wide > 0 else ''}", flush=True)


def main() -> None:
    options = _options()
    options.pictures.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalServer(Path(folder) / "data") as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium.whole(), args=list(ARGUMENTS))
        Camera(server, browser, options).take_all()
        browser.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=Path, required=True, help="folder for them")
    parser.add_argument("--steps", type=int, default=200, help="of the real training (default: %(default)s)")
    parser.add_argument("--only", nargs="+", default=[""], help="parts of the names of the pictures to take")
    parser.add_argument("--schemes", nargs="+", default=["light"], choices=["light", "dark"])
    return parser.parse_args()


if __name__ == "__main__":
    main()
