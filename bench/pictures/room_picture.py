"""The picture of the page that a coach projects, from a real `make share` in a real Chromium.

    python -m bench room_picture                             docs/images/room.png; also part of make screenshots
    python -m bench room_picture --pictures var/visit        the same, elsewhere

Addresses and port are named, so that the picture is the same wherever it is taken; the room is opened by localhost.
"""

import argparse
import secrets
import tempfile
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from bench.pictures.first_visit import PICTURES, Visit
from bench.pictures.visited_server import ARGUMENTS
from bench.server.local_server import LocalServer
from scripts import chromium

HOSTS, PORT = ("192.168.1.20", "coachs-laptop.local"), "8000"


def main() -> None:
    pictures = _options().pictures
    pictures.mkdir(parents=True, exist_ok=True)
    password = secrets.token_urlsafe()
    coach = {"FTCML_COACH_NAME": "carla", "FTCML_COACH_TEAM": "7001", "FTCML_COACH_PASSWORD": password}
    room = {"FTCML_ROOM_HOSTS": ",".join(HOSTS), "FTCML_PORT": PORT}
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalServer(Path(folder) / "data", "share", **room, **coach),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium.whole(), args=list(ARGUMENTS))
        page = browser.new_page(base_url=f"http://localhost:{PORT}", viewport={"width": 1280, "height": 720})
        page.goto("/room/")
        page.get_by_label("User name").fill("carla")
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_text(HOSTS[0])).to_be_visible()
        Visit(page, pictures).picture("room")
        browser.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=Path, default=PICTURES, help="folder for it (default: %(default)s)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
