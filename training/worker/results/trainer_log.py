"""Keeps the end of a trainer's log in a row for people to read, as plain text without this machine's folders."""

import logging
import os
import re
import sysconfig
from pathlib import Path

from django.conf import settings
from django.db import Error, transaction

from detector.contract import attempt_files
from ftcml.accounts.models import Team, User
from training.models import TrainerLog, TrainingJob
from training.services.jobs import attempt_folder
from training.worker.job_leases import held
from training.worker.worker_clock import Clock

log = logging.getLogger(__name__)

MAX_LINES = 100
MAX_BYTES = 16 * 1024
SECONDS_BETWEEN = 5.0

# Colors and cursor movements, window titles, and what else a terminal swallows and a database or a page does not.
_ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-Z\\-_]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class TrainerLogKeeper:
    """Writes the log of one attempt into the job's row while the worker holds the lease."""

    def __init__(self, job: TrainingJob, clock: Clock) -> None:
        self._job, self._clock = job, clock
        self._path = attempt_folder(job) / attempt_files.LOG
        self._kept_size = 0
        self._kept_at = float("-inf")

    def keep(self) -> None:
        """Keep what is new, at most every SECONDS_BETWEEN."""
        if self._clock.monotonic() - self._kept_at >= SECONDS_BETWEEN:
            self.finish()

    def finish(self) -> None:
        """Keep what is new, now. No job depends on it, so a failure is only logged."""
        try:
            self._keep_if_it_grew()
        except FileNotFoundError:  # the trainer has not begun to write
            pass
        except (OSError, Error):
            log.warning("the end of the trainer's log could not be kept", exc_info=True)

    def _keep_if_it_grew(self) -> None:
        size = self._path.stat().st_size
        if size == self._kept_size:
            return
        self._kept_at = self._clock.monotonic()
        if _write(self._job, tail(self._path), self._clock):
            self._kept_size = size


@transaction.atomic
def _write(job: TrainingJob, text: str, clock: Clock) -> bool:
    """Write the log if the lease is held, and return whether it is."""
    is_held = bool(held(job).select_for_update().values_list("pk"))
    if is_held:
        TrainerLog.objects.update_or_create(job_id=job.pk, defaults={"tail": text, "updated": clock.now()})
    return is_held


def may_read(user: User, team: Team) -> bool:
    """Return whether this person may read it: coaches may, since a log also tells about the server."""
    return team.is_coached_by(user)


def tail(path: Path) -> str:
    """Return the last MAX_LINES lines of a file, at most MAX_BYTES, as `plain` text. Raises OSError."""
    with path.open("rb") as file:
        beginning = max(0, file.seek(0, os.SEEK_END) - MAX_BYTES)
        file.seek(beginning)
        end = file.read(MAX_BYTES)
    if beginning and b"\n" in end:
        end = end.partition(b"\n")[2]  # its first line has lost its beginning
    return "\n".join(plain(end.decode(errors="replace")).split("\n")[-MAX_LINES:])


def plain(text: str) -> str:
    """Return the text as a terminal shows it, with short names for the folders of this machine."""
    lines = _ESCAPES.sub("", text).rstrip().split("\n")
    # A progress bar writes its line again and again, each time from the beginning.
    shown = (line.rstrip("\r").rpartition("\r")[2] for line in lines)
    return _without_folders("\n".join(_CONTROLS.sub("", line) for line in shown))


def _without_folders(text: str) -> str:
    names = _folder_names()
    longest_first = sorted(names, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, longest_first)), lambda found: names[found[0]], text)


def _folder_names() -> dict[str, str]:
    """Return a short name for each folder that could tell something about this machine or its operator."""
    folders = {
        Path(os.path.expanduser("~")): "(home)",  # unlike Path.home() it has an answer for a user without one
        Path(sysconfig.get_path("stdlib")): "(python)",
        Path(sysconfig.get_path("purelib")): "(packages)",
        settings.BASE_DIR: "(server)",
        settings.DATA_DIR: "(data)",
        Path(settings.WORK_DIR): "(work)",
    }
    spellings = [(spelling, name) for folder, name in folders.items() for spelling in (folder, folder.resolve())]
    return {str(spelling): name for spelling, name in spellings if spelling != Path(spelling.root)}
