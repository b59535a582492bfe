"""How soon the pages of a long training answer, and how soon a browser shows its first chart and moves its pictures.

    make bench BENCH=long_job
    python -m bench.long_job --steps 8000 --frames 100

A server of its own is started as `make run` starts it, with a job that nobody trained (made_job.py). A page's figure is
the time from the request to the last byte of the answer, one request after the other. What a real Chromium shows is
measured by pages_in_browser.py.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bench import pages_in_browser, report
from bench.client import wait_until
from bench.local_server import ROOT, LocalServer
from bench.pages import Person, Speed, measure, targets
from bench.pages_in_browser import Shown


def make_job(server: LocalServer, steps: int, frames: int) -> str:
    """Make the job in the server's data; returns its id."""
    command = [sys.executable, "-m", "bench.made_job", "--steps", str(steps), "--frames", str(frames)]
    made = subprocess.run(command, cwd=ROOT, env=server.environment, stdout=subprocess.PIPE, text=True, check=True)
    return made.stdout.split()[-1]


def addresses(job: str, steps: int) -> dict[str, str]:
    """The pages and files of the job, name -> path."""
    return {
        "Details": f"/models/{job}/",
        "Graphs": f"/models/{job}/graphs/",
        "Graphs, the numbers": f"/models/{job}/metrics.json",
        "Graphs, what is new": f"/models/{job}/metrics.json?since={steps - 100}",
        "Results": f"/models/{job}/results/",
        "Images": f"/models/{job}/images/",
        "Images, what is new": f"/models/{job}/checkpoints.json?after={steps - 100}",
        "Images, a file": f"/models/{job}/detections/{steps}.json",
    }


def visit(server: LocalServer, options: argparse.Namespace) -> tuple[list[Speed], list[Shown]]:
    """Measure the pages by themselves, then in a browser, on a server that has drawn its sample dataset."""
    client = server.demo_client()
    wait_until(lambda: client.get("datasets/")["results"], lambda rows: rows and rows[0]["state"] == "READY", 240)
    job = make_job(server, options.steps, options.frames)
    account = server.demo_account()
    speeds = measure([Person(server.url, *account)], addresses(job, options.steps), options.rounds, False)
    return speeds, pages_in_browser.measure(server.url, account, job, options.visits)


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    report.print_machine()
    with tempfile.TemporaryDirectory() as folder, LocalServer(Path(folder) / "data") as server:
        speeds, shown = visit(server, options)
    report.print_table(
        f"Milliseconds until an answer, {options.steps} steps and {options.frames} evaluation frames",
        ("page", "median", "95 of 100", "requests"),
        [(s.page, f"{s.median_ms:.0f}", f"{s.p95_ms:.0f}", str(s.requests)) for s in speeds],
    )
    report.print_table(
        "Milliseconds until it is on the screen",
        ("what", "median", "95 of 100", "times"),
        [(s.what, f"{s.median_ms:.0f}", f"{s.p95_ms:.0f}", str(s.times)) for s in shown],
    )
    figures = {"pages": [asdict(speed) for speed in speeds], "shown": [asdict(one) for one in shown]}
    return report.finish(figures, [*targets(speeds), *pages_in_browser.targets(shown)])


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=8000, help="of the job (default: %(default)s)")
    parser.add_argument("--frames", type=int, default=100, help="it is evaluated on (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=50, help="each page so often (default: %(default)s)")
    parser.add_argument("--visits", type=int, default=20, help="to the graphs, in a browser (default: %(default)s)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
