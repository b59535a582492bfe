"""How soon the main pages answer, with and without a training beside them, and the pages of a very long training.

    make bench BENCH=pages
    python -m bench pages --people 8

A server of its own is started as `make run` starts it. Somebody who is signed in asks for one page after the other, as
fast as they are answered, first while nothing is trained, then while SSD MobileNet v2 trains. A figure is the time from
the request to the last byte of the answer. Several people at once wait for each other: eight who never pause are more
than a room of fifty, whose pages refresh every few seconds. long_job.py measures the long training.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bench.pages import long_job, pages_in_browser
from bench.server import report
from bench.server.client import wait_until
from bench.server.local_server import LocalServer
from bench.server.page_speed import Person, Speed, measure, targets
from detector.contract import catalog

_SAMPLE_SECONDS = 240.0
_TRAINING_SECONDS = 240.0


def visit(server: LocalServer, options: argparse.Namespace) -> list[Speed]:
    """Measure all pages without a training and with one, on a server with the demo's people and sample."""
    client = server.demo_client()
    dataset = wait_until(lambda: client.get("datasets/")["results"], _is_ready, _SAMPLE_SECONDS)[0]["id"]
    ended = client.start(dataset, options.model, 20_000, "is stopped")
    client.stop(ended)
    client.wait_for_end(ended, _TRAINING_SECONDS)
    pages = addresses(dataset, ended)
    people = [Person(server.url, *server.demo_account()) for _ in range(options.people)]
    idle = measure(people, pages, options.rounds, while_training=False)
    training = client.start(dataset, options.model, 20_000, "trains meanwhile")
    client.wait_for_job(training, lambda job: job["live"] and job["live"]["step"] > 0, _TRAINING_SECONDS)
    busy = measure(people, pages, options.rounds, while_training=True)
    client.stop(training)
    client.wait_for_end(training, _TRAINING_SECONDS)
    return [*idle, *busy]


def addresses(dataset: str, job: str) -> dict[str, str]:
    """The main pages, name -> path."""
    return {
        "Datasets": "/datasets/",
        "Datasets, refresh": "/datasets/table/",
        "a dataset": f"/datasets/{dataset}/",
        "Models": "/models/",
        "Models, refresh": "/models/table/",
        "Start Training": f"/start-training/?dataset={dataset}",
        "Details": f"/models/{job}/",
        "Details, refresh": f"/models/{job}/part/",
    }


def _is_ready(rows: Sequence[dict[str, str]]) -> bool:
    return bool(rows) and rows[0]["state"] == "READY"


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    report.print_machine()
    with tempfile.TemporaryDirectory() as folder, LocalServer(Path(folder) / "data") as server:
        speeds = visit(server, options)
        long_speeds, shown = long_job.visit(server, options)
    _print_speeds(f"Milliseconds until a page is answered, people at once: {options.people}", speeds)
    _print_speeds(f"The same for a job of {options.steps} steps and {options.frames} evaluation frames", long_speeds)
    report.print_table(
        "Milliseconds until it is on the screen",
        ("what", "median", "95 of 100", "times"),
        [(one.what, f"{one.median_ms:.0f}", f"{one.p95_ms:.0f}", str(one.times)) for one in shown],
    )
    figures = {"pages": [asdict(speed) for speed in [*speeds, *long_speeds]], "shown": [asdict(one) for one in shown]}
    promised = [*targets(speeds), *targets(long_speeds), *pages_in_browser.targets(shown)]
    return report.finish(figures, promised)


def _print_speeds(title: str, speeds: Sequence[Speed]) -> None:
    words = {True: "yes", False: "no"}
    rows = [
        (one.page, words[one.while_training], f"{one.median_ms:.0f}", f"{one.p95_ms:.0f}", str(one.requests))
        for one in speeds
    ]
    report.print_table(title, ("page", "while training", "median", "95 of 100", "requests"), rows)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=catalog.DEFAULT, help="what is trained (default: %(default)s)")
    parser.add_argument("--people", type=int, default=1, help="who read at the same time (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=50, help="each page for each person (default: %(default)s)")
    parser.add_argument("--steps", type=int, default=8000, help="of the long job (default: %(default)s)")
    parser.add_argument("--frames", type=int, default=100, help="that it is evaluated on (default: %(default)s)")
    parser.add_argument("--visits", type=int, default=20, help="to its graphs, in a browser (default: %(default)s)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
