"""Break a real server in every way that we can think of, and judge what it makes of that: `make chaos`.

Every scenario has a server with a data folder of its own, three teams, and real trainings of the tiny model. Prints a
table, the promises, and one line of JSON; fails when a promise was not kept.
"""

import argparse
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from bench import chaos_kills, report
from bench.chaos_room import Outcome
from bench.report import Target

Scenario = Callable[[Path, random.Random, int], Outcome]
SCENARIOS: dict[str, Scenario] = {"kills": chaos_kills.kills, "postgres": chaos_kills.postgres}
# The kinds of what can be wrong, as a column and a promise each.
KINDS = ("lost", "run twice", "gone back", "recorded twice", "files", "orphans", "broken")


def play(name: str, seed: int, kills: int) -> Outcome:
    """Play one scenario. Where anything was wrong, its server's data is kept."""
    folder = Path(tempfile.mkdtemp(prefix=f"ftcml-chaos-{name}-"))
    folder.chmod(0o755)  # PostgreSQL runs as another user below it
    print(f"\n{name}:", flush=True)
    outcome = SCENARIOS[name](folder, random.Random(f"{name} {seed}"), kills)  # noqa: S311 (nothing secret)
    for wrong in outcome.verdict.wrongs:
        print(f"WRONG  {wrong.kind}: {wrong.what}", flush=True)
    if outcome.verdict.wrongs:
        print(f"The server's data is kept in {folder}.", flush=True)
    else:
        shutil.rmtree(folder)
    return outcome


def print_outcomes(outcomes: Sequence[Outcome]) -> None:
    header = ["scenario", "faults", "jobs", "attempts", *KINDS, "seconds wrong", "minutes"]
    rows = [
        [
            outcome.scenario,
            ", ".join(f"{times} {fault}" for fault, times in outcome.faults.items()),
            str(outcome.verdict.jobs),
            str(outcome.verdict.attempts),
            *(str(outcome.count(kind)) for kind in KINDS),
            str(outcome.seconds_wrong),
            report.number(outcome.minutes, 1),
        ]
        for outcome in outcomes
    ]
    report.print_table("What was done to the server, and what was wrong afterwards", header, rows)


def promises(outcomes: Sequence[Outcome]) -> list[Target]:
    figures = {kind: sum(outcome.count(kind) for outcome in outcomes) for kind in KINDS}
    figures["seconds wrong"] = sum(outcome.seconds_wrong for outcome in outcomes)
    return [Target(promise, figure, "at most", 0) for promise, figure in figures.items()]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="of the kills' kinds and moments (default: %(default)s)")
    parser.add_argument("--kills", type=int, default=60, help="of the scenario kills (default: %(default)s)")
    parser.add_argument("--only", choices=SCENARIOS, nargs="+", default=list(SCENARIOS), help="these scenarios")
    chosen = parser.parse_args()
    report.print_machine()
    outcomes = [play(name, chosen.seed, chosen.kills) for name in chosen.only]
    print_outcomes(outcomes)
    figures = {"seed": chosen.seed, "chaos": [asdict(outcome) for outcome in outcomes]}
    return report.finish(figures, promises(outcomes))


if __name__ == "__main__":
    sys.exit(main())
