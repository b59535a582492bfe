"""Damaged videos, each uploaded to the server and taken apart by it: frames come out, or a refusal, and nothing else.

    make fuzz FUZZ=fuzz_videos
    make fuzz FUZZ=fuzz_videos ARGS='--seed 3 --only 17'

Films of every container and codec are cut, overwritten, shuffled, and their headers made to lie, by numbers that the
seed decides. The server has a database and a storage of its own; frames are taken in a child, as a worker does it. What
the server refuses by its first bytes is decoded all the same, in a process with limits.
"""

import argparse
import logging
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.server import report, settings
from bench.server.report import Target
from bench.videos import measured_extraction
from bench.videos.damaged_films import KINDS, Case, Film, cases
from bench.videos.extraction import take
from bench.videos.through_server import REFUSED, Visitor, taken_through

COUNT = 200
LIMIT_SECONDS = 60.0
LIMIT_MB = 600.0


@dataclass(frozen=True)
class Outcome:
    """`ended`: READY, FAILED or refused at the door, with the code of the reason. `problem`: what must not be."""

    number: int
    form: str
    kind: str
    ended: str
    frames: int
    problem: str
    seconds: float
    peak_mb: float


class Fuzz:
    """A server in this process, whose extractions have processes of their own. Films and notes lie in `folder`."""

    def __init__(self, seed: int, folder: Path) -> None:
        from django.core.management import call_command

        from videos.extraction import extraction_process

        call_command("migrate", verbosity=0)
        self._seed, self._film, self._peaks = seed, folder / "damaged.mp4", folder / "peaks"
        os.environ[measured_extraction.NOTED_IN] = str(self._peaks)
        extraction_process.COMMAND = (sys.executable, "-m", measured_extraction.__name__)
        self.visitor = Visitor()

    def outcome(self, case: Case) -> Outcome:
        """Take a case through the server, and judge what came of it."""
        self._peaks.write_text("")
        began = time.monotonic()
        rng = random.Random(f"{self._seed} {case.number}")  # noqa: S311 - nothing secret
        passage = taken_through(self.visitor, case.film, rng)
        problem = passage.problem
        if passage.ended == REFUSED:
            problem = problem or self._decoded(case.film)
        seconds, peak_mb = time.monotonic() - began, max(map(int, self._peaks.read_text().split()), default=0) / 1e6
        if seconds > LIMIT_SECONDS:
            problem = problem or f"took {seconds:.0f} s"
        if peak_mb > LIMIT_MB:
            problem = problem or f"took {peak_mb:.0f} MB"
        ended = f"{passage.ended} {passage.code}".strip()
        return Outcome(case.number, case.film.form, case.kind, ended, passage.frames, problem, seconds, peak_mb)

    def _decoded(self, film: Film) -> str:
        """Decode what the server did not take; returns what is wrong with that."""
        self._film.write_bytes(film.content)
        try:
            taken = take(self._film, "--differing", "5", timeout=2 * LIMIT_SECONDS)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            return f"the decoder died: {error}"
        with self._peaks.open("a") as peaks:
            print(round(taken.peak_mb * 1e6), file=peaks)
        return "" if taken.frames or taken.refusal else "neither a frame nor a refusal"


def run(seed: int, numbers: Sequence[int]) -> tuple[list[Outcome], Counter[int]]:
    """Play the cases with these numbers; returns also how often the server answered with which status."""
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="ftcml-bench-") as name:
        fuzz = Fuzz(seed, Path(name))
        for case in cases(seed, numbers, Path(name)):
            outcome = fuzz.outcome(case)
            outcomes.append(outcome)
            if outcome.problem or len(numbers) == 1:
                print(f"seed {seed} case {case.number}: {outcome}", flush=True)
    return outcomes, fuzz.visitor.statuses


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    os.environ |= {"FTCML_UPLOAD_RATE": "1000000/hour", "REDIS_URL": "redis://127.0.0.1:1/0"}  # nobody is to wake
    os.environ |= {"LOG_LEVEL": "ERROR", "SVT_LOG": "1"}  # children and encoders say only what is wrong
    settings.use()
    logging.disable(logging.WARNING)
    report.print_machine()
    numbers = [options.only] if options.only is not None else range(options.count)
    outcomes, statuses = run(options.seed, numbers)
    ends = list(_rows(outcomes))
    report.print_table(f"Seed {options.seed}", ("what is wrong", "videos", "frames", "how they ended"), ends)
    answered = ", ".join(f"{count} × {status}" for status, count in sorted(statuses.items()))
    print(f"\nThe server answered {statuses.total():,} requests: {answered}")
    problems = [asdict(outcome) for outcome in outcomes if outcome.problem]
    errors = sum(count for status, count in statuses.items() if status >= 500)
    targets = [
        Target("videos that ended as they must not", len(problems), "at most", 0),
        Target("answers with an error of the server", errors, "at most", 0),
        Target("seconds of the slowest", max(outcome.seconds for outcome in outcomes), "at most", LIMIT_SECONDS),
        Target("peak memory of one process in MB", max(o.peak_mb for o in outcomes), "at most", LIMIT_MB),
    ]
    return report.finish({"seed": options.seed, "videos": len(outcomes), "failures": problems}, targets)


def _rows(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, ...]]:
    for kind in KINDS:
        of_kind = [outcome for outcome in outcomes if outcome.kind == kind]
        ends = Counter(outcome.ended for outcome in of_kind)
        told = ", ".join(f"{count} {ended}" for ended, count in ends.most_common())
        yield kind, str(len(of_kind)), str(sum(outcome.frames for outcome in of_kind)), told


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1, help="decides every video (default: %(default)s)")
    parser.add_argument("--count", type=int, default=COUNT, help="videos (default: %(default)s)")
    parser.add_argument("--only", type=int, help="replay the case with this number alone")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
