"""How long a job waits for its first step: with the spare trainer ready, and with none.

    make bench BENCH=start_up

The clock starts when the supervisor hands the job to its trainer. With the spare ready that is a line on its standard
input; without one, the start of the process. For that one the processor time is told too, of all cores together: other
programs on the machine hardly change it.
"""

import argparse
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.accuracy import attempts, sets
from bench.server import report, settings
from bench.server.report import Target
from detector.contract import attempt_files, catalog
from detector.contract.spec import JobSpec

LIMIT = 15.0
_FRAMES = 80
_READY_SECONDS = 180.0
_LOOKS_A_SECOND = 20


class NoStep(Exception):
    """The trainer did no step; str() says how it ended."""


def with_spare(job: JobSpec, folder: Path) -> float:
    """Seconds from the job's message to the first step, of a trainer that was ready before. Raises NoStep."""
    from training.worker.trainer_process import TrainerProcess

    folder.mkdir()
    attempt_files.write(folder / attempt_files.JOB, job)
    trainer = TrainerProcess()
    try:
        if not trainer.wait_until_ready(_READY_SECONDS):
            raise NoStep(trainer.how_it_ended())
        began = time.monotonic()
        trainer.train(folder)
        while not ((progress := attempts.read_progress(folder)) and progress.step):
            if not trainer.alive:
                raise NoStep(trainer.how_it_ended())
            time.sleep(1 / _LOOKS_A_SECOND)
        return time.monotonic() - began
    finally:
        trainer.kill()


def without_spare(job: JobSpec, folder: Path) -> float:
    """Seconds from the start of the process to the first step. Raises NoStep."""
    watched = attempts.run(attempts.TRAIN, job, folder, lambda _, watched: watched.first_step is not None)
    if watched.first_step is None:
        raise NoStep("The trainer ended without a step.")
    return watched.first_step


@dataclass(frozen=True)
class Runs:
    """Seconds until the first step, by the clock, and `processor`: those of the runs without a spare."""

    spare: list[float] = field(default_factory=list)
    cold: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)


def measure(options: argparse.Namespace) -> Runs:
    """Run with and without a spare by turns."""
    runs = Runs()
    settings.use()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        job = sets.sample(_FRAMES).write(folder / "shards").job(options.model, steps=1_000, interval=1_000)
        for number in range(options.runs):
            print(f"… {number + 1} of {options.runs}", file=sys.stderr, flush=True)
            runs.spare.append(with_spare(job, folder / f"with-{number}"))
            before = _used_by_children()
            runs.cold.append(without_spare(job, folder / f"without-{number}"))
            runs.processor.append(_used_by_children() - before)
    return runs


def _used_by_children() -> float:
    """Seconds of processor time of the processes that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    report.print_machine()
    runs = measure(options)
    ready, cold, processor = map(statistics.median, (runs.spare, runs.cold, runs.processor))
    report.print_table(
        f"{options.model}: from the job's message to its first step, {options.runs} runs each",
        ("trainer", "median, s", "slowest, s", "processor, s"),
        [
            ("with the spare trainer ready", f"{ready:.1f}", f"{max(runs.spare):.1f}", report.NOTHING),
            ("without a spare trainer", f"{cold:.1f}", f"{max(runs.cold):.1f}", f"{processor:.1f}"),
        ],
    )
    promise = Target("seconds to the first step with the spare trainer ready", ready, "at most", LIMIT)
    figures = {"seconds_with_spare": ready, "seconds_without_spare": cold, "processor_without_spare": processor}
    return report.finish(figures, [promise])


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=catalog.DEFAULT, help="the starting model (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=5, help="of each kind (default: %(default)s)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
