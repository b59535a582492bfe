"""Whether a room is served while some of it has a slow network, and while all of it watches one training.

    make bench BENCH=load
    python -m bench load --seconds 30 --browsers 10 --watchers 30

A server of its own is started as `make run` starts it, and trains all the time. First 30 slow uploads, 30 slow
downloads (200 kB/s each) and 30 half-sent request heads are beside 30 browsers, whose pages refresh as often as the
real ones; then 100 browsers watch the same training. A figure is the time from opening the connection to the last
byte of the answer.
"""

import argparse
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.pages.load_people import Member, new_members
from bench.server import report
from bench.server.client import wait_until
from bench.server.local_server import LocalServer
from bench.server.report import Target
from bench.server.slow_clients import SlowClients, Visitor
from detector.contract import catalog

_DEMO_TEAM = 100
_START_SECONDS = 600.0
# What a page that shows a running training asks for, and how often: ftcml/accounts/pages/tabs.py.
_REFRESH_SECONDS = 2.0
_PAGES_PER_REFRESH = 10
ROOM_LIMIT_MS, WATCHERS_LIMIT_MS = 300.0, 1000.0


@dataclass(frozen=True)
class Answered:
    what: str
    status: int
    milliseconds: float


@dataclass(frozen=True)
class Load:
    """Milliseconds until the pages of a room were answered; `errors` are answers other than 200."""

    room: str
    requests: int
    median_ms: float
    p95_ms: float
    slowest_ms: float
    errors: int


def watch(url: str, people: Sequence[Member], of: Callable[[int], Sequence[str]], seconds: float) -> list[Answered]:
    """Let everybody watch a page for so long. `of(number)` names its address, then what it refreshes from."""
    answered: list[Answered] = []
    until = time.monotonic() + seconds

    def sit(number: int, member: Member) -> None:
        visitor, (page, *parts) = Visitor(url, member.session), of(number)
        rng = random.Random(number)  # noqa: S311 (nothing secret)
        time.sleep(rng.uniform(0, _REFRESH_SECONDS))  # not everybody opens it at the same moment
        turn = 0
        while time.monotonic() < until:
            for path in [page] if turn % _PAGES_PER_REFRESH == 0 else parts:
                answered.append(Answered(path, *visitor.ask(path)))
            turn += 1
            time.sleep(_REFRESH_SECONDS)

    threads = [threading.Thread(target=sit, args=one) for one in enumerate(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answered


def load(room: str, answered: Sequence[Answered]) -> Load:
    times = [one.milliseconds for one in answered]
    for wrong in [one for one in answered if one.status != 200][:5]:
        print(f"ERROR  {wrong.what}: {wrong.status} after {wrong.milliseconds:.0f} ms", flush=True)
    errors = sum(one.status != 200 for one in answered)
    p95 = statistics.quantiles(times, n=20)[-1]
    return Load(room, len(times), statistics.median(times), p95, max(times), errors)


def pages_of_a_room(job: str) -> Callable[[int], Sequence[str]]:
    """What people in a room look at: most of them the training, others the list, or the datasets."""
    details = (f"/models/{job}/", f"/models/{job}/part/")
    graphs = (f"/models/{job}/graphs/", f"/models/{job}/graphs/part/", f"/models/{job}/metrics.json?since=100")
    several = (details, graphs, ("/models/", "/models/table/"), details, ("/datasets/", "/datasets/table/"))
    return lambda number: several[number % len(several)]


def play(server: LocalServer, options: argparse.Namespace) -> tuple[list[Load], dict[str, int]]:
    """Both rooms; also returns how many slow clients the server has ended, by kind."""
    client = server.demo_client()
    rows = wait_until(lambda: client.get("datasets/")["results"], lambda rows: rows and _is_ready(rows), _START_SECONDS)
    people = new_members(server, _DEMO_TEAM, options.watchers)
    browsers, slow = people[: options.browsers], people[-options.slow :]
    job = client.start(rows[0]["id"], options.model, 20_000, "trains meanwhile")
    client.wait_for_job(job, lambda now: now["live"] and now["live"]["step"] > 0, _START_SECONDS)
    download = f"/api/v1/datasets/{rows[0]['id']}/download/?format=coco"
    with SlowClients(server.port, [one.token for one in slow], download, options.slow) as clients:
        time.sleep(2)  # until all of them are at work
        of_room = watch(server.url, browsers, pages_of_a_room(job), options.seconds)
        ended = dict(clients.ended)
    details = (f"/models/{job}/", f"/models/{job}/part/")
    of_watchers = watch(server.url, people, lambda number: details, options.seconds)
    client.stop(job)
    client.wait_for_end(job, _START_SECONDS)
    crowd = f"{options.browsers} browsers beside {options.slow} slow uploads, downloads and half heads each"
    return [load(crowd, of_room), load(f"{options.watchers} browsers watch one training", of_watchers)], ended


def _is_ready(rows: Sequence[dict[str, str]]) -> bool:
    return rows[0]["state"] == "READY"


def targets(loads: Sequence[Load], ended: dict[str, int]) -> list[Target]:
    room, watchers = loads
    return [
        Target(f"ms for 95 of 100 answers, {room.room}", room.p95_ms, "at most", ROOM_LIMIT_MS),
        Target(f"ms for 95 of 100 answers, {watchers.room}", watchers.p95_ms, "at most", WATCHERS_LIMIT_MS),
        Target("errors", room.errors + watchers.errors, "at most", 0),
        Target("slow uploads and downloads that the server has ended", sum(ended.values()), "at most", 0),
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    report.print_machine()
    with tempfile.TemporaryDirectory() as folder, LocalServer(Path(folder) / "data") as server:
        loads, ended = play(server, options)
    report.print_table(
        "Milliseconds until a page is answered while a training runs",
        ("room", "requests", "median", "95 of 100", "slowest", "errors"),
        [_row(one) for one in loads],
    )
    return report.finish({"load": [asdict(one) for one in loads], "ended": ended}, targets(loads, ended))


def _row(one: Load) -> list[str]:
    milliseconds = map(report.number, (one.median_ms, one.p95_ms, one.slowest_ms))
    return [one.room, str(one.requests), *milliseconds, str(one.errors)]


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=catalog.DEFAULT, help="what is trained (default: %(default)s)")
    parser.add_argument("--browsers", type=int, default=30, help="beside the slow clients (default: %(default)s)")
    parser.add_argument("--slow", type=int, default=30, help="clients of each of three kinds (default: %(default)s)")
    parser.add_argument("--watchers", type=int, default=100, help="of one training (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=60, help="that each room lasts (default: %(default)s)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
