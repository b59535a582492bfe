"""A real Chromium in front of a live server. Without a browser on the machine these tests fail and say so."""

import os
from collections.abc import Iterator
from pathlib import Path

# Playwright's synchronous API runs an event loop in this thread, and Django refuses the database there unless told.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, FloatRect, Locator, Page, expect, sync_playwright

from ftcml.accounts.models import User
from ftcml.core.requests import tables
from scripts import chromium
from tests.pages.voc_zip import write_zip

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
POLICY = "Content Security Policy"
# Colors that still change would be judged half-way.
_COLORS_SETTLED = """
Promise.allSettled(document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.finished))
  .then(() => null)
"""
AXE = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium.installed() or pytest.fail("There is no Chromium; `make test` fetches one.")
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        window = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield window
        window.close()


@pytest.fixture(scope="session")
def whole_browser(browser: Browser) -> Iterator[Browser]:
    """One that shows notifications, which `browser` may not."""
    window = browser.browser_type.launch(executable_path=chromium.whole(), args=list(ARGUMENTS))
    yield window
    window.close()


@pytest.fixture
def window(browser: Browser) -> Browser:
    """Where the pages of a test open."""
    return browser


@pytest.fixture
def visitor(window: Browser, live_server) -> Iterator[BrowserContext]:
    """A browser that nobody has signed in with. What the pages' own policy refuses fails the test."""
    context = window.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 720})
    context.set_default_timeout(30_000)
    refused: list[str] = []
    context.on("console", lambda message: refused.append(message.text) if POLICY in message.text else None)
    yield context
    context.close()
    assert refused == []


@pytest.fixture
def page(visitor: BrowserContext, member: User, live_server) -> Iterator[Page]:
    """The member's browser, signed in. An error in the page's own scripts fails the test."""
    sign_in(visitor, member, live_server.url)
    page = visitor.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert not errors


@pytest.fixture
def ordinary(browser: Browser, live_server) -> Iterator[BrowserContext]:
    """A browser that brings back pages as they were, which Playwright's do not."""
    arguments = {"args": list(ARGUMENTS), "ignore_default_args": ["--disable-back-forward-cache"]}
    window = browser.browser_type.launch(executable_path=chromium.whole(), **arguments)
    yield window.new_context(base_url=live_server.url)
    window.close()


def sign_in(context: BrowserContext, user: User, url: str) -> None:
    """Give the browser a session of `user`, as the sign-in form would."""
    client = Client()
    client.force_login(user)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": url}])


def sign_out(page: Page) -> None:
    page.locator(".account-menu summary").click()
    page.get_by_role("button", name="Sign Out").click()


def expire_sessions() -> None:
    """What a night does: nobody is signed in any more."""
    Session.objects.all().delete()


def wait_for(page: Page, condition: str) -> None:
    """Wait until the page's own state is so. Playwright's wait_for_function would eval, which our pages refuse."""
    look = f"() => ({condition}) ? resolve() : setTimeout(look, 20)"
    page.evaluate(f"() => new Promise((resolve) => {{ const look = {look}; look(); }})")


def place_of(shown: Locator) -> FloatRect:
    """Where it is in the window, in pixels, once the page's styles are there: its words are shown before them."""
    shown.page.wait_for_load_state()
    return shown.bounding_box()


def serious_problems(page: Page) -> list[str]:
    """What axe-core finds on the page that keeps people from using it."""
    page.wait_for_load_state()
    page.evaluate(_COLORS_SETTLED)
    page.evaluate(AXE.read_text())  # a tag would be inline script, which our pages refuse
    found = page.evaluate("axe.run()")["violations"]
    return [
        f"{problem['id']}: {problem['help']} at {[node['target'] for node in problem['nodes']]}"
        for problem in found
        if problem["impact"] in ("serious", "critical")
    ]


def scrolls_sideways(page: Page) -> bool:
    page.wait_for_load_state()
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


@pytest.fixture
def filters_shown(monkeypatch) -> None:
    """Search and filters stand above tables of few rows too."""
    monkeypatch.setattr(tables, "ROWS_WORTH_A_FILTER", 1)


@pytest.fixture
def small_zip(tmp_path: Path) -> Path:
    return write_zip(tmp_path / "cones.zip")
