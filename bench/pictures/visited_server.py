"""A server of its own with a real Chromium before it: where each visit begins."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bench.pictures.effort import count_clicks
from bench.server.local_server import LocalServer
from scripts import chromium

ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")


@dataclass(frozen=True)
class Visited:
    """`page`: the visitor's window, 1280 × 720 pixels, whose clicks are counted."""

    server: LocalServer
    browser: Browser
    page: Page


@contextmanager
def visited(pictures: Path) -> Iterator[Visited]:
    """Run a server with the data of a first `make run`, and open a window on it. Makes the folder for the pictures."""
    pictures.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalServer(Path(folder) / "data") as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium.whole(), args=list(ARGUMENTS))
        context = browser.new_context(base_url=server.url, viewport={"width": 1280, "height": 720})
        count_clicks(context)
        yield Visited(server, browser, context.new_page())
        browser.close()
