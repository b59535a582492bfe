"""How soon a browser shows the pages of a long training: the first chart, and every move of the slider over the
checkpoints. See bench/pages/pages.py.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import Page, expect, sync_playwright

from bench.server.report import Target
from scripts import chromium

CHART_LIMIT_MS = 1000.0
SLIDER_LIMIT_MS = 50.0
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")

# Notes when the first chart has been drawn: the frame after the one in which its canvas came.
_FIRST_CHART = """
new MutationObserver((_, observer) => {
  if (!document.querySelector("canvas")) return;
  observer.disconnect();
  requestAnimationFrame(() => requestAnimationFrame((now) => (window.firstChart = now)));
}).observe(document, { childList: true, subtree: true });
"""
# Moves the slider as a hand would, and returns the milliseconds until the next picture on the screen was drawn.
_MOVE = """
async (place) => {
  const slider = document.getElementById("step");
  const before = performance.now();
  slider.value = place;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  await new Promise(requestAnimationFrame);
  const { port1, port2 } = new MessageChannel();
  await new Promise((drawn) => {
    port1.onmessage = drawn;
    port2.postMessage(0);
  });
  return performance.now() - before;
}
"""


@dataclass(frozen=True)
class Shown:
    """Milliseconds in a browser: the median, and the slowest but 5 of 100."""

    what: str
    median_ms: float
    p95_ms: float
    times: int


def measure(url: str, account: tuple[str, str], job: str, rounds: int) -> list[Shown]:
    """Look at the graphs and the pictures of `job` as somebody who has signed in."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.whole(), args=list(ARGUMENTS))
        page = browser.new_context(base_url=url, viewport={"width": 1280, "height": 720}).new_page()
        _sign_in(page, *account)
        shown = [_first_chart(page, job, rounds), _slider(page, job)]
        browser.close()
    return shown


# Not by wait_for_function, which would eval: our pages refuse that.
_AWAIT_FIRST_CHART = """() => new Promise((resolve) => {
  const look = () => window.firstChart ? resolve(window.firstChart) : requestAnimationFrame(look);
  look();
})"""


def _sign_in(page: Page, name: str, password: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="Datasets")).to_be_visible()


def _first_chart(page: Page, job: str, rounds: int) -> Shown:
    """From the click to the first chart on the screen, the browser's cache filled by a visit before."""
    page.add_init_script(_FIRST_CHART)
    milliseconds = []
    for _ in range(rounds + 1):
        page.goto(f"/models/{job}/graphs/")
        milliseconds.append(page.evaluate(_AWAIT_FIRST_CHART))
    return _shown("first chart", milliseconds[1:])


def _slider(page: Page, job: str) -> Shown:
    """Over all checkpoints and back; the files of detections have come."""
    page.goto(f"/models/{job}/images/")
    page.wait_for_load_state("networkidle")
    last = int(page.locator("#step").get_attribute("max") or 0)
    places = [*range(last + 1), *range(last, -1, -1)]
    return _shown("move of the slider", [page.evaluate(_MOVE, place) for place in places])


def _shown(what: str, milliseconds: Sequence[float]) -> Shown:
    p95 = statistics.quantiles(milliseconds, n=20)[-1]
    return Shown(what, statistics.median(milliseconds), p95, len(milliseconds))


def targets(shown: Sequence[Shown]) -> list[Target]:
    chart, slider = shown
    return [
        Target("ms until the first chart is drawn, 95 of 100", chart.p95_ms, "at most", CHART_LIMIT_MS),
        Target("ms until a move of the slider is drawn, 95 of 100", slider.p95_ms, "at most", SLIDER_LIMIT_MS),
    ]
