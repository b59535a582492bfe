"""How long others wait to write while something large is written: an import, a deletion, ten new people.

    make bench BENCH=write_locks
    make bench BENCH=write_locks ARGS='--frames 5000'

A process beside writes one small row over and over, as a person's click does, and notes how long each write took.
"""

import argparse
import io
import logging
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from bench.imports.imports import AS_IT_IS, Picture, rendered, write_archive
from bench.server import report, settings
from bench.server.report import Target

if TYPE_CHECKING:
    from datasets.models import Dataset
    from ftcml.accounts.models import Team
    from training.models import TrainingJob

FRAMES = 29_000
ROWS_OF_A_JOB = 20_000
PEOPLE = 10
LIMIT_SECONDS = 1.0
_PAUSE = 0.005
_DISTINCT = 20


@dataclass(frozen=True)
class Wait:
    """What was written, how long that took, and the longest that another writer waited meanwhile."""

    what: str
    seconds: float
    longest: float


def _write_again_and_again(stop: Any, longest: Any) -> None:
    """In a process of its own, so that what it waits for is the database and not Python's lock."""
    import django

    django.setup()
    from ftcml.accounts.models import Team

    while not stop.is_set():
        began = time.monotonic()
        Team.objects.filter(number=2).update(name=f"{began}")
        longest.value = max(longest.value, time.monotonic() - began)
        time.sleep(_PAUSE)


def measured(what: str, write: Callable[[], object]) -> Wait:
    """Do `write` while another process writes."""
    context = multiprocessing.get_context("spawn")
    stop, longest = context.Event(), context.Value("d", 0.0)
    beside = context.Process(target=_write_again_and_again, args=(stop, longest))
    beside.start()
    while not longest.value:  # it has begun
        time.sleep(_PAUSE)
    longest.value = 0.0
    began = time.monotonic()
    write()
    seconds = time.monotonic() - began
    stop.set()
    beside.join()
    return Wait(what, seconds, longest.value)


def run(frames: int) -> list[Wait]:
    """Measure each on a new database."""
    from django.core.management import call_command

    from datasets.importing import producing
    from datasets.services import deletion
    from ftcml.accounts.models import Team, User
    from ftcml.accounts.services.membership import adding
    from ftcml.installation import removals
    from training.services import jobs

    call_command("migrate", verbosity=0)
    team, _ = (Team.objects.create(number=number, name="Locks") for number in (1, 2))
    coach = User.objects.create(username="coach")
    job = _job(team)
    waits = [
        measured(f"{PEOPLE} new people", lambda: adding.add(team, [f"student{n}" for n in range(PEOPLE)], coach)),
        measured(f"a model with {ROWS_OF_A_JOB:,} metrics deleted", lambda: jobs.delete(job, by="bench")),
    ]
    with tempfile.TemporaryDirectory() as folder:
        dataset = _waiting(team, frames, Path(folder))
    waits += [
        measured(f"{frames:,} frames imported", lambda: producing.produce(dataset)),
        measured("the same deleted, by the request", lambda: deletion.delete_dataset(dataset)),
        measured("the same removed, by the worker", removals.remove_deleted),
    ]
    assert dataset.state == "READY", dataset.error
    return waits


def _waiting(team: "Team", frames: int, folder: Path) -> "Dataset":

    from datasets.services import imports

    small = [Picture({AS_IT_IS: _small(one.files[AS_IT_IS])}, one.annotation) for one in rendered(_DISTINCT)]
    write_archive(folder / "set.zip", small, AS_IT_IS, frames)
    return imports.request_import(team, None, folder / "set.zip", "large")


def _small(jpeg: bytes) -> bytes:
    """The picture at a quarter of its size: it is the rows that count here."""
    stream = io.BytesIO()
    Image.open(io.BytesIO(jpeg)).resize((160, 120)).save(stream, "JPEG")
    return stream.getvalue()


def _job(team: "Team") -> "TrainingJob":
    """A SUCCEEDED job with as many metrics as 20,000 rows."""
    from detector.contract import catalog
    from training.models import MetricPoint, TrainingJob
    from training.states import JobState

    job = TrainingJob.objects.create(
        team=team, description="long", starting_model=catalog.DEFAULT, labels=["ball"], batch_size=32,
        steps_requested=20_000, steps_completed=20_000, max_seconds=3600, state=JobState.SUCCEEDED,
    )  # fmt: skip
    points = (
        MetricPoint(job=job, split="train", tag=f"tag {number % 100}", step=number // 100, value=0.5)
        for number in range(ROWS_OF_A_JOB)
    )
    MetricPoint.objects.bulk_create(points, batch_size=1000)
    return job


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=FRAMES, help="of the import (default: %(default)s)")
    options = parser.parse_args(arguments)
    os.environ["REDIS_URL"] = "redis://127.0.0.1:1/0"  # nobody is to wake
    settings.use()
    logging.disable(logging.WARNING)
    report.print_machine()
    waits = run(options.frames)
    report.print_table(
        "What others wait for",
        ("what is written", "seconds in all", "longest wait of another writer, s"),
        [(wait.what, f"{wait.seconds:.1f}", f"{wait.longest:.2f}") for wait in waits],
    )
    longest = max(wait.longest for wait in waits)
    target = Target("seconds of the longest wait of another writer", longest, "at most", LIMIT_SECONDS)
    return report.finish({"waits": [asdict(wait) for wait in waits]}, [target])


if __name__ == "__main__":
    sys.exit(main())
