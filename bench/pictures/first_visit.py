"""A newcomer's first visit, played in a real Chromium on a server of its own: sign in, look, train, download; and an
operator looks in meanwhile.

    make screenshots                                            the sample dataset; the pictures go to docs/images/
    make screenshots DATA=voc.zip ARGS='--pictures var/visit'   a dataset of your own, whose pictures go elsewhere

It prints the clicks and the words on the screen at each step.

Nothing is staged: the accounts, the dataset and the training are those of the first `make run`.
"""

import argparse
import re
import secrets
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from bench.pictures.effort import effort
from bench.pictures.visited_server import visited
from bench.server.local_server import ROOT, LocalServer
from datasets.sample import sample_dataset

PICTURES = ROOT / "docs" / "images"
STEPS = 400
TRAINED_SECONDS = 3600


class Visit:
    """One visitor's window, and the folder for the pictures of it."""

    def __init__(self, page: Page, pictures: Path) -> None:
        self.page, self._pictures = page, pictures

    def picture(self, name: str) -> None:
        self.page.screenshot(path=self._pictures / f"{name}.png", animations="disabled")
        print(f"  {name}.png: {effort(self.page)}", flush=True)

    def sign_in(self, name: str, password: str) -> None:
        self.page.goto("/sign-in/")
        self.page.get_by_label("User name").fill(name)
        self.picture("sign-in")
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()

    def look_at_the_dataset(self, description: str) -> None:
        page = self.page
        select = page.get_by_label(f"Select {description}")
        expect(page.get_by_role("row", name=description).locator(".label-chip").first).to_be_visible(timeout=180_000)
        select.check()
        expect(page.get_by_role("button", name="Start Training")).to_be_enabled()
        self.picture("datasets")
        page.get_by_role("button", name="Import Dataset").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        self.picture("import")
        page.get_by_role("button", name="Cancel").click()
        page.get_by_role("link", name=description).click()
        page.wait_for_load_state("networkidle")
        self.picture("dataset")

    def start_training(self) -> None:
        """From the dataset's own page."""
        page = self.page
        page.get_by_role("button", name="Start Training").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Number of Training Steps").fill(str(STEPS))
        dialog.get_by_label("Maximum Training Time").fill("60")
        dialog.get_by_label("Description").fill("my first detector")
        expect(dialog.locator("#plan-epochs")).not_to_have_text("")
        page.wait_for_load_state("networkidle")
        self.picture("start-training")
        dialog.get_by_role("button", name="Start Training").click()

    def watch_it(self) -> None:
        """Until the second hundred of steps."""
        page = self.page
        row = page.get_by_role("row", name="my first detector")
        expect(row).to_be_visible()
        expect(row).to_contain_text(re.compile(r"Step 1[1-9]\d of"), timeout=TRAINED_SECONDS * 1000)
        page.get_by_label("Select my first detector").check()
        self.picture("models")

    def wait_for_the_end(self) -> None:
        row = self.page.get_by_role("row", name="my first detector")
        expect(row).to_contain_text("SUCCEEDED", timeout=TRAINED_SECONDS * 1000)

    def look_after_the_server(self) -> None:
        """As an operator, while somebody trains."""
        page = self.page
        for tab in ("workers", "jobs", "minutes"):
            page.goto(f"/console/{tab}/")
            page.wait_for_load_state("networkidle")
            self.picture(f"console-{tab}")

    def take_the_model(self) -> int:
        """Download the model; returns its size in bytes."""
        page = self.page
        page.get_by_label("Select my first detector").check()
        with page.expect_download() as download:
            page.get_by_role("link", name="Download Model").click()
        self.picture("models-succeeded")
        page.get_by_role("link", name="my first detector").click()
        page.wait_for_load_state("networkidle")
        self.picture("details")
        page.get_by_role("heading", name="History").scroll_into_view_if_needed()
        self.picture("details-history")
        return Path(download.value.path()).stat().st_size

    def look_at_the_model(self) -> None:
        """Every page of the model, from its Details page on."""
        page = self.page
        for name in ("Graphs", "Results", "Images", "Robot code"):
            self._turn_to(name)
            self.picture(name.lower().replace(" ", "-"))
            if name == "Graphs":
                page.get_by_role("heading", name="Total loss").evaluate(
                    "heading => heading.scrollIntoView({ behavior: 'instant' })"
                )
                self.picture("graphs-loss")
        self._turn_to("Try it")
        expect(page.get_by_text("The model is ready.")).to_be_visible(timeout=60_000)
        page.get_by_text("Use one of your evaluation frames").click()
        page.locator("[data-picture]").first.click()
        expect(page.locator("#boxes rect").first).to_be_visible(timeout=60_000)
        self.picture("try-it")
        page.get_by_role("button", name="More Training").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        page.wait_for_load_state("networkidle")
        self.picture("more-training")

    def _turn_to(self, name: str) -> None:
        self.page.get_by_label("Pages of this model").get_by_role("link", name=name).click()
        here = self.page.get_by_label("Pages of this model").locator("[aria-current=page]")
        expect(here).to_have_text(name)
        self.page.wait_for_load_state("networkidle")


def operator_page(server: LocalServer, browser: Browser) -> Page:
    """Return a window of its own in which an operator has signed in."""
    password = secrets.token_urlsafe()
    server.environment["DJANGO_SUPERUSER_PASSWORD"] = password
    server.manage("createsuperuser", "--noinput", "--username", "olga", "--email", "olga@example.org")
    page = browser.new_context(base_url=server.url, viewport={"width": 1280, "height": 720}).new_page()
    page.goto("/console/")
    page.get_by_label("User name").fill("olga")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Console")).to_be_visible()
    return page


def main() -> None:
    options = _options()
    with visited(options.pictures) as place:
        visit = Visit(place.page, options.pictures)
        operator = Visit(operator_page(place.server, place.browser), options.pictures)
        description = sample_dataset.DESCRIPTION
        if options.data:
            description = options.data.stem
            client = place.server.demo_client()
            client.wait_for_dataset(client.import_dataset(options.data, description), TRAINED_SECONDS)
        began = time.monotonic()
        visit.sign_in(*place.server.demo_account())
        visit.look_at_the_dataset(description)
        visit.start_training()
        visit.watch_it()
        operator.look_after_the_server()
        visit.wait_for_the_end()
        size = visit.take_the_model()
        print(f"From the sign-in to a model of {size:,} bytes: {(time.monotonic() - began) / 60:.1f} minutes")
        visit.look_at_the_model()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="a Pascal VOC zip to train on in place of the sample dataset")
    parser.add_argument("--pictures", type=Path, default=PICTURES, help="folder for them (default: %(default)s)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
