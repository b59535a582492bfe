"""The part of pages.py about a very long training: its pages, its first chart and its slider.

Nobody trained the job (made_job.py). What a real Chromium shows is measured by pages_in_browser.py.
"""

import argparse
import subprocess
import sys

from bench.pages import pages_in_browser
from bench.pages.pages_in_browser import Shown
from bench.server.local_server import ROOT, LocalServer
from bench.server.page_speed import Person, Speed, measure


def make_job(server: LocalServer, steps: int, frames: int) -> str:
    """Make the job in the server's data; returns its id."""
    command = [sys.executable, "-m", "bench", "made_job", "--steps", str(steps), "--frames", str(frames)]
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
    """Measure the pages by themselves, then in a browser, on a server with the demo's people and sample."""
    job = make_job(server, options.steps, options.frames)
    account = server.demo_account()
    speeds = measure([Person(server.url, *account)], addresses(job, options.steps), options.rounds, False)
    return speeds, pages_in_browser.measure(server.url, account, job, options.visits)
