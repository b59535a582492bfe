"""How soon the main pages answer, while nothing is trained and while a training takes what is left of the processor.

    make bench BENCH=pages
    python -m bench.pages --people 8

A server of its own is started as `make run` starts it. Somebody who is signed in asks for one page after the other, as
fast as they are answered, first while nothing is trained, then while SSD MobileNet v2 trains. A figure is the time from
the request to the last byte of the answer. Several people at once wait for each other: eight who never pause are more
than a room of fifty, whose pages refresh every few seconds.
"""

import argparse
import http.client
import re
import statistics
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from http.cookiejar import CookieJar
from pathlib import Path

from bench import report
from bench.client import wait_until
from bench.local_server import LocalServer
from bench.report import Target
from training.detector import catalog

LIMIT_MS = 100.0
_SAMPLE_SECONDS = 240.0
_TRAINING_SECONDS = 240.0


@dataclass(frozen=True)
class Speed:
    """Milliseconds until one page was answered: the median, and what 95 of 100 answers need at most."""

    page: str
    while_training: bool
    median_ms: float
    p95_ms: float
    requests: int


class Person:
    """Somebody with a browser's cookies and one connection after the other."""

    def __init__(self, url: str, username: str, password: str) -> None:
        self._url = url
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        form = self.read("/sign-in/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[1]
        fields = {"csrfmiddlewaretoken": token, "username": username, "password": password, "next": "/datasets/"}
        request = urllib.request.Request(f"{url}/sign-in/", urllib.parse.urlencode(fields).encode())  # noqa: S310
        request.add_header("Referer", f"{url}/sign-in/")
        self._opener.open(request, timeout=60).read()

    def read(self, path: str) -> str:
        answer: http.client.HTTPResponse = self._opener.open(f"{self._url}{path}", timeout=60)
        return answer.read().decode()

    def milliseconds(self, path: str) -> float:
        began = time.perf_counter()
        self.read(path)
        return 1000 * (time.perf_counter() - began)


def measure(people: Sequence[Person], pages: dict[str, str], rounds: int, while_training: bool) -> list[Speed]:
    """Let all people at once read every page so many times."""

    def read_all(person: Person) -> list[tuple[str, float]]:
        return [(name, person.milliseconds(path)) for _ in range(rounds) for name, path in pages.items()]

    with ThreadPoolExecutor(len(people)) as pool:
        answers = [answer for found in pool.map(read_all, people) for answer in found]
    return [_speed(name, while_training, [ms for page, ms in answers if page == name]) for name in pages]


def _speed(page: str, while_training: bool, milliseconds: list[float]) -> Speed:
    p95 = statistics.quantiles(milliseconds, n=20)[-1]
    return Speed(page, while_training, statistics.median(milliseconds), p95, len(milliseconds))


def targets(speeds: Sequence[Speed]) -> list[Target]:
    slowest = max(speeds, key=lambda speed: speed.p95_ms)
    promise = f"ms for 95 of 100 answers of the slowest page ({slowest.page})"
    return [Target(promise, slowest.p95_ms, "at most", LIMIT_MS)]


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
    report.print_table(
        f"Milliseconds until a page is answered, people at once: {options.people}",
        ("page", "while training", "median", "95 of 100", "requests"),
        [(s.page, "yes" if s.while_training else "no", f"{s.median_ms:.0f}", f"{s.p95_ms:.0f}", str(s.requests))
         for s in speeds],
    )  # fmt: skip
    return report.finish({"pages": [asdict(speed) for speed in speeds]}, targets(speeds))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=catalog.DEFAULT, help="what is trained (default: %(default)s)")
    parser.add_argument("--people", type=int, default=1, help="who read at the same time (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=50, help="each page for each person (default: %(default)s)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
