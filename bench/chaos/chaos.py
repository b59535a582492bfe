"""Break a real server in every way that we can think of, and judge what it makes of that: `make chaos`.

Every scenario has a server with a data folder of its own, three teams, and real trainings of the tiny model. Prints a
table, the promises, and one line of JSON; fails when a promise was not kept.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.chaos.chaos_room import CannotPlay, Outcome, Play
from bench.chaos.judging.chaos_verdict import Verdict, Wrong
from bench.chaos.labeling.labeling_kills import labeling
from bench.chaos.scenarios import chaos_kills
from bench.chaos.scenarios.chaos_asleep import asleep
from bench.chaos.scenarios.chaos_broker import broker
from bench.chaos.scenarios.chaos_broker_log import broker_log
from bench.chaos.scenarios.chaos_clocks import clock_set, clocks
from bench.chaos.scenarios.chaos_database_disk import database_disk
from bench.chaos.scenarios.chaos_disk import disk
from bench.chaos.scenarios.chaos_slow import slow_clients
from bench.chaos.scenarios.chaos_starts import starts
from bench.chaos.scenarios.chaos_storage import database, unmounted
from bench.chaos.scenarios.chaos_videos import videos
from bench.server import report
from bench.server.report import Target

SCENARIOS: dict[str, Callable[[Play], Outcome]] = {
    "kills": chaos_kills.kills,
    "videos": videos,
    "labeling": labeling,
    "broker": broker,
    "asleep": asleep,
    "disk": disk,
    "starts": starts,
    "slow-clients": slow_clients,
    "database": database,
    "unmounted": unmounted,
    "postgres": chaos_kills.postgres,
    "broker-log": broker_log,
    "database-disk": database_disk,
    "clocks": clocks,
    "clock-set": clock_set,
}
# The kinds of what can be wrong: a column and a promise each.
KINDS = ("lost", "run twice", "gone back", "recorded twice", "files", "answers", "orphans", "broken off")


@dataclass(frozen=True)
class Played:
    """`not_run`: why this scenario could not be played here, and "" where it was."""

    scenario: str
    minutes: float
    outcome: Outcome
    not_run: str = ""


def play(name: str, scenario: Callable[[Play], Outcome], seed: int, kills: int) -> Played:
    """Play one scenario. Where anything was wrong, its server's data is kept."""
    print(f"\n{name}:", flush=True)
    folder = Path(tempfile.mkdtemp(prefix=f"ftcml-chaos-{name}-"))
    began, not_run = time.monotonic(), ""
    try:
        rng = random.Random(f"{name} {seed}")  # noqa: S311 (nothing secret)
        outcome = scenario(Play(folder, rng, kills))
    except CannotPlay as reason:
        outcome, not_run = Outcome({}, Verdict([])), str(reason)
    except Exception as error:  # whatever breaks in one scenario, the others are played
        traceback.print_exc()
        outcome = Outcome({}, Verdict([Wrong("broken off", f"{type(error).__name__}: {error}")]))
    _clear(folder, outcome.verdict.wrongs)
    return Played(name, (time.monotonic() - began) / 60, outcome, not_run)


def _clear(folder: Path, wrongs: Sequence[Wrong]) -> None:
    for wrong in wrongs:
        print(f"WRONG  {wrong.kind}: {wrong.what}", flush=True)
    if wrongs:
        print(f"The server's data is kept in {folder}.", flush=True)
    else:
        shutil.rmtree(folder)


def print_all(played: Sequence[Played]) -> None:
    header = ["scenario", "faults", "jobs", "attempts", *KINDS, "seconds wrong", "minutes"]
    report.print_table("What was done to the server, and what was wrong afterwards", header, list(map(_row, played)))


def _row(one: Played) -> list[str]:
    if one.not_run:
        return [one.scenario, f"not run: {one.not_run}", *[report.NOTHING] * (len(KINDS) + 4)]
    return [
        one.scenario,
        ", ".join(f"{times} {fault}" for fault, times in one.outcome.faults.items()),
        str(one.outcome.verdict.jobs),
        str(one.outcome.verdict.attempts),
        *(str(one.outcome.count(kind)) for kind in KINDS),
        str(one.outcome.seconds_wrong),
        report.number(one.minutes, 1),
    ]


def promises(played: Sequence[Played]) -> list[Target]:
    figures = {kind: sum(one.outcome.count(kind) for one in played) for kind in KINDS}
    figures["seconds wrong"] = sum(one.outcome.seconds_wrong for one in played)
    return [Target(promise, figure, "at most", 0) for promise, figure in figures.items()]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="of the kills' kinds and moments (default: %(default)s)")
    parser.add_argument("--kills", type=int, default=60, help="of the scenario kills (default: %(default)s)")
    parser.add_argument("--only", choices=SCENARIOS, nargs="+", default=list(SCENARIOS), help="these scenarios")
    chosen = parser.parse_args()
    report.print_machine()
    played = [play(name, SCENARIOS[name], chosen.seed, chosen.kills) for name in chosen.only]
    print_all(played)
    figures = {"seed": chosen.seed, "chaos": [asdict(one) for one in played]}
    return report.finish(figures, promises(played))


if __name__ == "__main__":
    sys.exit(main())
