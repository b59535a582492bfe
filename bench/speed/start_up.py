"""How long a job waits for its first step: with the spare trainer ready, and with none.

    make bench BENCH=start_up

The clock starts when the supervisor hands the job to its trainer. With the spare ready that is a line on its standard
input; without one, the start of the process.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
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


def measure(options: argparse.Namespace) -> dict[str, list[float]]:
    """The seconds of each run, with and without a spare by turns."""
    seconds: dict[str, list[float]] = {"with the spare trainer ready": [], "without a spare trainer": []}
    settings.use()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        job = sets.sample(_FRAMES).write(folder / "shards").job(options.model, steps=1_000, interval=1_000)
        for number in range(options.runs):
            for way, run in zip(seconds, (with_spare, without_spare), strict=True):
                print(f"… {way}", file=sys.stderr, flush=True)
                seconds[way].append(run(job, folder / f"{run.__name__}-{number}"))
    return seconds


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    report.print_machine()
    seconds = measure(options)
    medians = {way: statistics.median(runs) for way, runs in seconds.items()}
    report.print_table(
        f"{options.model}: from the job's message to its first step, {options.runs} runs each",
        ("trainer", "median, s", "slowest, s"),
        [(way, f"{medians[way]:.1f}", f"{max(runs):.1f}") for way, runs in seconds.items()],
    )
    ready, cold = medians.values()
    promise = Target("seconds to the first step with the spare trainer ready", ready, "at most", LIMIT)
    return report.finish({"seconds_with_spare": ready, "seconds_without_spare": cold}, [promise])


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=catalog.DEFAULT, help="the starting model (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=5, help="of each kind (default: %(default)s)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
