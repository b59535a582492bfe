"""How soon the pages of a long training answer, and how soon a slider moves all of its pictures.

    make bench BENCH=long_job
    python -m bench.long_job --steps 8000 --frames 100

A server of its own is started as `make run` starts it, with a job that nobody trained (made_job.py). A page's figure is
the time from the request to the last byte of the answer, one request after the other. A move's figure is the time from
the key that moves the slider to what is painted then, in a real Chromium that has fetched the files ahead.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench import report
from bench.client import wait_until
from bench.first_visit import ARGUMENTS
from bench.local_server import ROOT, LocalServer
from bench.pages import Person, Speed, measure, targets
from bench.report import Target
from scripts import chromium

MOVE_LIMIT_MS = 50.0
# Notes the time from each move of the slider until the browser has painted what it changed.
_WATCH = """() => {
  window.moves = [];
  document.getElementById("step").addEventListener("input", (event) => requestAnimationFrame(() => {
    const painted = new MessageChannel();
    painted.port1.onmessage = () => window.moves.push(performance.now() - event.timeStamp);
    painted.port2.postMessage(null);
  }), { capture: true });
}"""


@dataclass(frozen=True)
class Moves:
    """Milliseconds from a key to the painted pictures: the median, and what 95 of 100 moves need at most."""

    median_ms: float
    p95_ms: float
    moves: int


def make_job(server: LocalServer, steps: int, frames: int) -> str:
    """Make the job in the server's data; returns its id."""
    command = [sys.executable, "-m", "bench.made_job", "--steps", str(steps), "--frames", str(frames)]
    made = subprocess.run(command, cwd=ROOT, env=server.environment, stdout=subprocess.PIPE, text=True, check=True)
    return made.stdout.split()[-1]


def addresses(job: str, steps: int) -> dict[str, str]:
    """The pages and files of the job, name -> path."""
    return {
        "Results": f"/models/{job}/results/",
        "Images": f"/models/{job}/images/",
        "Images, what is new": f"/models/{job}/checkpoints.json?after={steps - 100}",
        "Images, a file": f"/models/{job}/detections/{steps}.json",
    }


def move_slider(page: Page, job: str, moves: int) -> Moves:
    """Press the arrow keys at the slider of the Images page, to and fro, when all files are there."""
    page.goto(f"/models/{job}/images/")
    page.wait_for_load_state("networkidle")
    page.evaluate(_WATCH)
    slider = page.locator("#step")
    slider.focus()
    for number in range(moves):
        there = number // (int(slider.get_attribute("max")) or 1) % 2
        slider.press("ArrowRight" if there else "ArrowLeft")
        page.wait_for_function("count => window.moves.length === count", arg=number + 1)
    milliseconds = page.evaluate("window.moves")
    return Moves(statistics.median(milliseconds), statistics.quantiles(milliseconds, n=20)[-1], moves)


def visit(server: LocalServer, options: argparse.Namespace) -> tuple[list[Speed], Moves]:
    client = server.demo_client()
    wait_until(lambda: client.get("datasets/")["results"], lambda rows: rows and rows[0]["state"] == "READY", 240)
    job = make_job(server, options.steps, options.frames)
    account = server.demo_account()
    speeds = measure([Person(server.url, *account)], addresses(job, options.steps), options.rounds, False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.installed(), args=list(ARGUMENTS))
        page = browser.new_page(base_url=server.url, viewport={"width": 1280, "height": 720})
        page.goto("/sign-in/")
        for label, value in zip(("User name", "Password"), account, strict=True):
            page.get_by_label(label).fill(value)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/datasets/")
        moves = move_slider(page, job, options.moves)
        browser.close()
    return speeds, moves


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    report.print_machine()
    with tempfile.TemporaryDirectory() as folder, LocalServer(Path(folder) / "data") as server:
        speeds, moves = visit(server, options)
    report.print_table(
        f"Milliseconds until an answer, {options.steps} steps and {options.frames} evaluation frames",
        ("page", "median", "95 of 100", "requests"),
        [(s.page, f"{s.median_ms:.0f}", f"{s.p95_ms:.0f}", str(s.requests)) for s in speeds],
    )
    report.print_table(
        "Milliseconds from a key at the slider to the painted pictures",
        ("median", "95 of 100", "moves"),
        [(f"{moves.median_ms:.0f}", f"{moves.p95_ms:.0f}", str(moves.moves))],
    )
    moved = Target("ms for 95 of 100 moves of the slider", moves.p95_ms, "at most", MOVE_LIMIT_MS)
    figures = {"pages": [asdict(speed) for speed in speeds], "moves": asdict(moves)}
    return report.finish(figures, [*targets(speeds), moved])


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=8000, help="of the job (default: %(default)s)")
    parser.add_argument("--frames", type=int, default=100, help="it is evaluated on (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=50, help="each page so often (default: %(default)s)")
    parser.add_argument("--moves", type=int, default=150, help="of the slider (default: %(default)s)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
