"""What a trainer writes into its attempt's folder. attempt_files.py says which files there are."""

import json
import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from detector.contract import attempt_files, checkpoints
from detector.contract.checkpoints import Saved
from detector.contract.reports import Phase, Progress, Result, StepReport
from detector.contract.spec import JobSpec

_SECONDS_BETWEEN_PROGRESS = 1.0
# Bytes that are kept free for the last word, so that it can be said on a full disk.
_ROOM = 16 * 1024


class Journal:
    def __init__(self, folder: Path, observe: Callable[[Progress], None]) -> None:
        """`observe` is told of all progress, also of what comes too soon to be written."""
        self._folder, self._observe = folder, observe
        self._progress = Progress("preparing", 0, 0.0)
        self._written_at = 0.0
        self._job: JobSpec | None = None
        self._room = folder / ".room"
        with suppress(OSError):
            self._room.write_bytes(bytes(_ROOM))

    def begin(self, job: JobSpec) -> None:
        """Tell which checkpoints of earlier attempts there are."""
        self._job = job
        self.phase("preparing", max(job.first_step, job.resume_step))

    def saved(self) -> list[Saved]:
        """The checkpoints that there are, oldest first; none before `begin`. See checkpoints.saved."""
        return checkpoints.saved(self._folder, self._job) if self._job else []

    @property
    def newest_step(self) -> int:
        """The step of the newest checkpoint, 0 without one."""
        return max((checkpoint.step for checkpoint in self.saved()), default=0)

    def of_parent(self) -> Saved | None:
        """The checkpoint that the parent's model is of. See checkpoints.of_parent."""
        return checkpoints.of_parent(self._job) if self._job else None

    def phase(self, phase: Phase, step: int) -> None:
        self._set(replace(self._progress, phase=phase, step=step), at_once=True)

    def step_done(self, step: int, steps_per_second: float, loss: float) -> None:
        self._set(Progress("training", step, steps_per_second, loss), at_once=False)

    def _set(self, progress: Progress, at_once: bool) -> None:
        self._progress = progress
        self._observe(progress)
        if at_once or time.monotonic() - self._written_at >= _SECONDS_BETWEEN_PROGRESS:
            attempt_files.write(self._folder / attempt_files.PROGRESS, progress)
            self._written_at = time.monotonic()

    def checkpoint(self, step: int, save: Callable[[Path], None]) -> str:
        """Have `save` write a checkpoint's files, whole or not at all, and return the folder's name."""
        folder = self._folder / attempt_files.checkpoint_name(step)
        unfinished = folder.with_name(f".{folder.name}")
        shutil.rmtree(unfinished, ignore_errors=True)
        try:
            unfinished.mkdir()
            save(unfinished / attempt_files.CHECKPOINT_FILES)
            for path in [*unfinished.iterdir(), unfinished]:
                _sync(path)
        except Exception:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
        shutil.rmtree(folder, ignore_errors=True)
        unfinished.rename(folder)
        return folder.name

    def detections(self, step: int, data: bytes) -> str:
        name = attempt_files.detections_name(step)
        attempt_files.write_atomically(self._folder / name, data)
        return name

    def report(self, report: StepReport) -> None:
        """Say that a checkpoint is whole, and drop those that are not needed any more."""
        attempt_files.write(self._folder / attempt_files.report_name(report.step), report)
        wanted = checkpoints.wanted(self.saved(), self._job.highest_map if self._job else 0.0)
        for folder in self._folder.glob("checkpoint-*"):
            if folder not in wanted:
                shutil.rmtree(folder)

    def measured(self, report: StepReport) -> None:
        """Say what a checkpoint is worth that was saved before."""
        attempt_files.write(self._folder / attempt_files.measured_name(report.step), report)

    def result(self, result: Result) -> None:
        self._room.unlink(missing_ok=True)
        attempt_files.write(self._folder / attempt_files.RESULT, result)

    def recipe(self, recipe: object) -> None:
        """Keep the recipe, a data class, beside the job."""
        attempt_files.write(self._folder / attempt_files.RECIPE, recipe)

    def label_starts(self, starts: dict[str, list[str]]) -> None:
        """Say what each label starts from, as the source of the weights calls it."""
        attempt_files.write_atomically(self._folder / attempt_files.LABEL_STARTS, json.dumps(starts, indent=1).encode())


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
