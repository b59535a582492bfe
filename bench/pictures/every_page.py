"""Every page in a real Chromium, in each size and color scheme, for people to look at one by one.

    python -m bench every_page --pictures var/pages

The models are made ones (bench/pages/made_job.py) and a short real training on the sample dataset.
"""

import argparse
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bench.pictures.first_visit import ARGUMENTS, operator_page
from bench.server.client import ApiError, Client
from bench.server.local_server import LocalServer
from detector.contract import catalog
from scripts import chromium

TRAINED_SECONDS = 1800
SIZES = {"laptop": (1280, 720), "phone": (390, 844)}
MODEL_PAGES = ("", "graphs/", "results/", "images/", "robot-code/", "try-it/")


@dataclass(frozen=True)
class Stop:
    """One picture: a page, and a button that opens a dialog on it ("" for none)."""

    name: str
    address: str
    button: str = ""


@dataclass(frozen=True)
class Sights:
    """What there is to look at on the server."""

    dataset: str
    trained: str
    made: str


def member_stops(sights: Sights) -> Iterator[Stop]:
    """Yield the pages of a team's coach."""
    yield Stop("datasets", "/datasets/")
    yield Stop("import", "/datasets/", "#import")
    yield Stop("dataset", f"/datasets/{sights.dataset}/")
    yield Stop("start-training", f"/datasets/?dataset={sights.dataset}", "#start-training")
    yield Stop("models", "/models/")
    for model, job in (("trained", sights.trained), ("made", sights.made)):
        for page in MODEL_PAGES:
            yield Stop(f"{model}-{page.strip('/') or 'details'}", f"/models/{job}/{page}")
    yield Stop("more-training", f"/models/{sights.trained}/", "#more-training")
    yield Stop("compare", f"/models/compare/?job={sights.trained}&job={sights.made}")
    for name in (
        "people",
        "people/slips",
        "tokens",
        "password",
        "trash",
        "help",
        "resources",
        "glossary",
        "no-such-page",
    ):
        yield Stop(name.replace("/", "-"), f"/{name}/")


def operator_stops(sights: Sights) -> Iterator[Stop]:
    """Yield the pages of an operator."""
    for tab in ("workers", "jobs", "teams", "minutes", "switches", "storage", "audit"):
        yield Stop(f"console-{tab}", f"/console/{tab}/")
    yield Stop("console-job", f"/console/jobs/{sights.trained}/")


def sights_of(server: LocalServer, steps: int) -> Sights:
    """Train on the sample dataset, make a long job, and let one import fail."""
    client = server.demo_client()
    (sample,) = client.get("datasets/")["results"]
    client.wait_for_dataset(sample["id"], 180)
    trained = client.start(sample["id"], catalog.DEFAULT, steps, "my first detector")
    made = server.bench("made_job", "--steps", "2000", "--frames", "40").strip()
    _failed_import(client, server.data.with_name("broken.zip"))
    client.wait_for_end(trained, TRAINED_SECONDS)
    client.wait_for_model(trained, TRAINED_SECONDS)
    return Sights(sample["id"], trained, made)


def _failed_import(client: Client, archive: Path) -> None:
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("notes.txt", "no pictures")
    try:
        client.wait_for_dataset(client.import_dataset(archive, "no pictures"), 60)
    except ApiError as error:
        print(f"  refused at once: {error}")


def look(page: Page, stop: Stop, file: Path) -> None:
    """Take the picture of one stop; what lies below the screen is on it too."""
    page.goto(stop.address)
    page.wait_for_load_state("networkidle")
    if stop.button:
        if stop.button == "#start-training":
            page.get_by_role("checkbox", name="Balls and cubes").check()
            page.locator("#start-training:not([aria-disabled])").wait_for()
        page.click(stop.button)
        page.locator("dialog[open]").wait_for()
        page.wait_for_load_state("networkidle")
    page.screenshot(path=file, animations="disabled", full_page=not stop.button)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    print(f"  {file.name}{f': {wide} px too wide' if wide > 0 else ''}", flush=True)


def _all_pictures(browser: Browser, server: LocalServer, sights: Sights, options: argparse.Namespace) -> None:
    name, password = server.demo_account()
    operator = operator_page(server, browser)
    context = browser.new_context(base_url=server.url)
    member = context.new_page()
    member.goto("/sign-in/")
    member.get_by_label("User name").fill(name)
    member.get_by_label("Password").fill(password)
    member.get_by_role("button", name="Sign in").click()
    member.wait_for_url("**/datasets/")
    for scheme in options.schemes:
        for size, (width, height) in SIZES.items():
            for page, stops in ((member, member_stops(sights)), (operator, operator_stops(sights))):
                page.set_viewport_size({"width": width, "height": height})
                page.emulate_media(color_scheme=scheme)
                for stop in stops:
                    if options.only in stop.name:
                        look(page, stop, options.pictures / f"{stop.name}-{size}-{scheme}.png")


def main() -> None:
    options = _options()
    options.pictures.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalServer(Path(folder) / "data") as server,
        sync_playwright() as playwright,
    ):
        sights = sights_of(server, options.steps)
        browser = playwright.chromium.launch(executable_path=chromium.whole(), args=list(ARGUMENTS))
        _all_pictures(browser, server, sights, options)
        browser.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=Path, required=True, help="folder for them")
    parser.add_argument("--steps", type=int, default=200, help="of the real training (default: %(default)s)")
    parser.add_argument("--only", default="", help="part of the names of the pictures to take")
    parser.add_argument("--schemes", nargs="+", default=["light"], choices=["light", "dark"])
    return parser.parse_args()


if __name__ == "__main__":
    main()
