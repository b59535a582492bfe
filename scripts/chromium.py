"""Prints the Chromium that the browser tests drive, and fetches one where there is none.

An installed one; else Debian's packages, when root; else Playwright's own.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Chromium without windows and what belongs to them. It shows pages alike, for half the processor time.
SHELL = "chromium-headless-shell"


def installed() -> str | None:
    """The path of a browser that is there already: one without windows where there is one."""
    return _named() or shutil.which(SHELL) or whole()


def whole() -> str | None:
    """The path of a browser with all that people have: notifications, and pages that come back as they were."""
    named = _named()
    if named and Path(named).name != SHELL:
        return named
    return next(filter(None, map(shutil.which, NAMES)), None) or fetched_by_playwright()


def _named() -> str | None:
    return os.environ.get("FTCML_TEST_CHROMIUM")


def fetched_by_playwright() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def may_use_apt() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def is_complete() -> bool:
    """Whether there is all that can be had here: without the second browser, the tests take minutes longer."""
    return bool(whole()) and (_named() is not None or shutil.which(SHELL) is not None or not may_use_apt())


def fetch() -> None:
    """Try to fetch a browser, and the one without windows; what goes wrong is printed."""
    if may_use_apt():
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in ("update -q", "install -q -y chromium", f"install -q -y {SHELL}"):
            command = ["apt-get", "-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=10", *words.split()]
            subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr)
    if not whole():
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], stdout=sys.stderr)


if __name__ == "__main__":
    if not is_complete():
        print(f"Fetching Chromium for the browser tests ({SHELL} is the quicker one)", file=sys.stderr)
        fetch()
    if not whole():
        sys.exit(
            "There is no Chromium for the browser tests, and none could be fetched. Install one "
            "(Debian: sudo apt install chromium), or name it in FTCML_TEST_CHROMIUM, and call make test again."
        )
    print(installed())
