"""A disk without room: during a checkpoint, during an export, during an import."""

import errno
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.chaos.chaos_room import A_JOB, CannotPlay, Outcome, Play, Room, Team
from bench.chaos.judging.chaos_verdict import Wrong
from bench.server.client import ENDED, ApiError
from datasets.reasons import Code as ImportCode
from detector.contract.failure import Cause

SIZE = "300m"
RESERVE = 1_000_000
# Room for what a trainer says every second, and not for a checkpoint or a model.
NEXT_TO_NOTHING = 300_000
# What a refusal and a FAILED dataset say.
NEARLY_FULL = "disk is nearly full"


class SmallDisk:
    """A file system in memory, mounted at `folder`. Raises CannotPlay where the user may not mount one."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._ballast = folder, folder / "ballast"

    def __enter__(self) -> "SmallDisk":
        self._folder.mkdir(parents=True)
        command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(self._folder)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise CannotPlay(f"a small disk needs root, who may mount one: {done.stderr.strip()}")
        return self

    def __exit__(self, *error: object) -> None:
        subprocess.run(["umount", str(self._folder)], check=True)

    def fill(self, leave: int) -> None:
        """Take all room but `leave` bytes; again, where some of it has become free since."""
        with self._ballast.open("ab", buffering=0) as file:
            while _has_room(file):
                pass
            file.truncate(file.tell() - leave)

    def free(self) -> None:
        self._ballast.unlink()


def _has_room(file: Any) -> bool:
    try:
        return file.write(bytes(64 * 1024)) > 0
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        return False


def disk(play: Play) -> Outcome:
    """The database lies elsewhere, as it does where DATABASE_URL names another machine."""
    data = play.folder / "data"
    environment = {
        "DATABASE_URL": f"sqlite:///{play.folder / 'db.sqlite3'}",
        "FTCML_DISK_RESERVE_BYTES": str(RESERVE),
    }
    with SmallDisk(data) as small, Room(play.folder, **environment) as room:
        first, second, third = room.teams
        wrongs = [
            *_during_a_checkpoint(small, first),
            *_during_an_export(small, second),
            *_during_an_import(small, third, room.archive),
        ]
        return room.judged(Counter({"disk full": 3}), wrongs)


def _during_a_checkpoint(small: SmallDisk, team: Team) -> Iterator[Wrong]:
    job = team.start()
    team.client.wait_for_job(job, lambda now: now["steps_completed"] > 0, A_JOB)
    small.fill(leave=NEXT_TO_NOTHING)
    ended = team.client.wait_for_end(job, A_JOB)
    print(f"… disk full during a checkpoint: {ended['state']} {ended['state_reason']}", flush=True)
    yield from _unless(ended["state"] == "FAILED" and ended["reason_code"] == Cause.DISK_IS_FULL, ended)
    small.fill(leave=NEXT_TO_NOTHING)  # the attempt that failed has left its room
    yield from _refused(team)
    small.free()
    yield from _works_again(team)


def _refused(team: Team) -> Iterator[Wrong]:
    """New trainings are, while the disk is full."""
    try:
        yield Wrong("answers", f"job {team.start()} was accepted on a full disk")
    except ApiError as refusal:
        yield from _unless(refusal.code == 400 and NEARLY_FULL in str(refusal), str(refusal))


def _works_again(team: Team) -> Iterator[Wrong]:
    ended = team.client.wait_for_end(team.start(steps=100), A_JOB)
    yield from _unless(ended["state"] == "SUCCEEDED", ended)


def _during_an_export(small: SmallDisk, team: Team) -> Iterator[Wrong]:
    job = team.start(steps=100)
    at_last_step = team.client.wait_for_job(job, lambda now: now["steps_completed"] == 100, A_JOB)
    yield from _unless(at_last_step["state"] not in ENDED, f"the export was over before the disk was full: {job}")
    small.fill(leave=NEXT_TO_NOTHING)
    ended = team.client.wait_for_end(job, A_JOB)
    small.free()
    print(f"… disk full during an export: {ended['state']} {ended['state_reason']}", flush=True)
    yield from _unless(ended["state"] == "SUCCEEDED" or ended["reason_code"] == Cause.DISK_IS_FULL, ended)
    team.client.wait_for_model(job, A_JOB)
    yield from _works_again(team)


def _during_an_import(small: SmallDisk, team: Team, archive: Path) -> Iterator[Wrong]:
    """There is room for the upload, its copy in the storage and the reserve, and too little for the frames."""
    small.fill(leave=2 * archive.stat().st_size + RESERVE)
    dataset = team.client.wait_for_dataset(team.client.import_dataset(archive, "too large now"), A_JOB)
    print(f"… disk full during an import: {dataset['state']} {dataset['error']}", flush=True)
    yield from _unless(dataset["state"] == "FAILED" and dataset["reason_code"] == ImportCode.DISK_IS_FULL, dataset)
    small.free()
    again = team.client.wait_for_dataset(team.client.import_dataset(archive, "fits again"), A_JOB)
    yield from _unless(again["state"] == "READY", again)


def _unless(is_so: bool, found: Any) -> Iterator[Wrong]:
    if not is_so:
        yield Wrong("answers", str(found))
