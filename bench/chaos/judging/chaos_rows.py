"""Reads the rows and files of a server that is judged, in a process with its environment.

bench/chaos/chaos_room.py starts it, as `VERDICT`.
"""

import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

import datasets.services.lost_files
import datasets.services.unused_files
import training.integrity.lost_files
import training.integrity.unused_files
from bench.chaos.judging.chaos_story import OTHER_DATA, Account, Attempt, Change, Published, Story
from bench.chaos.judging.chaos_verdict import Verdict, Wrong, wrongs_of_accounts, wrongs_of_jobs
from detector.contract import attempt_files
from detector.contract.spec import JobSpec
from ftcml.accounts.models import LedgerEntry, TrainingBalance
from training.models import TrainingJob
from training.services.jobs import work_folder

_ATTEMPT = re.compile(rf"/{attempt_files.ATTEMPT}(\d+)/")


def print_verdict() -> None:
    """Judge this server, and print a line of JSON."""
    stories, accounts = list(read_stories()), list(read_accounts())
    verdict = Verdict(
        jobs=len(stories),
        attempts=sum(len(story.attempts) for story in stories),
        states=dict(Counter(story.state for story in stories)),
        tidied=_tidy(),
        wrongs=[*wrongs_of_jobs(stories), *wrongs_of_accounts(accounts), *wrongs_of_files()],
    )
    print(json.dumps(asdict(verdict)))


def _tidy() -> int:
    """Do what is done every hour; returns the number of stored things that it removed."""
    leftovers = _leftovers()
    datasets.services.unused_files.remove_unused_files()
    training.integrity.unused_files.remove_unused_files()
    return len(leftovers)


def _leftovers() -> list[str]:
    """The names of stored things that no row refers to. A server that is judged keeps none of them for days."""
    looks = (datasets.services.unused_files.look(), training.integrity.unused_files.look())
    return [name for stored in looks for name in (*stored.finished, *stored.waiting)]


def wrongs_of_files() -> Iterator[Wrong]:
    """What check_storage finds after the tidying."""
    for name in _leftovers():
        yield Wrong("files", f"nothing refers to {name}, and the tidying leaves it")
    for row, names in (*datasets.services.lost_files.lost_files(), *training.integrity.lost_files.lost_files()):
        yield Wrong("files", f"{row.pk} has lost {', '.join(names)}")


def read_stories() -> Iterator[Story]:
    """Every job's, the oldest first."""
    for job in TrainingJob.objects.order_by("created", "id"):
        yield read_story(job)


def read_story(job: TrainingJob) -> Story:
    entries = LedgerEntry.objects.filter(job_id=job.pk).order_by("id")
    models = job.model_files.values_list("name", flat=True)
    return Story(
        job=str(job.pk),
        state=job.state,
        reason=job.state_reason,
        reason_code=job.reason_code,
        steps_requested=job.steps_requested,
        steps_completed=job.steps_completed,
        max_seconds=job.max_seconds,
        training_seconds=job.training_seconds,
        lease_number=job.lease_number,
        changes=tuple(Change(e.old_state, e.new_state, e.created, e.reason_code) for e in job.events.all()),
        checkpoints=tuple(
            Published(c.step, c.lease_number, c.created, _attempts([c.folder, c.detections_name]))
            for c in job.checkpoints.all()
        ),
        attempts=tuple(_read_attempts(_work_folders(job))),
        points=tuple(job.metric_points.values_list("split", "tag", "step")),
        entries=tuple(entries.values_list("kind", "seconds")),
        model_attempts=_attempts(models),
    )


def _attempts(names: Iterable[str]) -> frozenset[int]:
    """The lease numbers in the names of stored files."""
    return frozenset(int(number) for name in names for number in _ATTEMPT.findall(f"{name}/"))


def _work_folders(job: TrainingJob) -> Iterator[Path]:
    """Where machines have worked on the job: this one, and the others."""
    yield work_folder(job)
    for data in filter(None, os.environ.get(OTHER_DATA, "").split(os.pathsep)):
        yield Path(data) / "work" / str(job.pk)


def _read_attempts(folders: Iterable[Path]) -> Iterator[Attempt]:
    """Those whose job.json was written: a worker that died before handed nothing to a trainer."""
    names = f"{attempt_files.ATTEMPT}*/{attempt_files.JOB}"
    found = [path for folder in folders for path in folder.glob(names)]
    for path in sorted(found, key=lambda path: path.parent.name):
        told = attempt_files.read(path, JobSpec)
        number = int(path.parent.name.removeprefix(attempt_files.ATTEMPT))
        yield Attempt(number, told.resume_step, told.checkpoint_interval)


def read_accounts() -> Iterator[Account]:
    for balance in TrainingBalance.objects.select_related("team"):
        changes = balance.team.ledger_entries.values_list("balance_change", flat=True)
        yield Account(str(balance.team), balance.seconds_remaining, sum(changes))
