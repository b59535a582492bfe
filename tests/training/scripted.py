"""A trainer that does what a test tells it, one line of a script for each turn of the supervisor.

It stands for the faults that a real trainer cannot be asked for, and keeps to detector/contract/attempt_files.py. Time
is the script's as well: a turn takes a second.
"""

import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from detector.contract import attempt_files, model_variants, reports, spec
from detector.contract.failure import TrainingFailed
from detector.contract.model_variants import VARIANTS, model_name
from detector.contract.reports import MEAN_PRECISION, StepReport
from ftcml.core.files import storage
from training.models import TrainingJob
from training.reasons import Code, Reason
from training.worker import job_leases
from training.worker.supervisor import Supervisor
from training.worker.worker_clock import Clock

# A trainer process that does at once what a whole training does; a job described as "doomed" kills it.
_PROGRAM = """
import os, pathlib, sys
from detector.contract import attempt_files, reports, spec
print('{"ready": true, "accelerator": "cpu", "devices": 1, "format": %d}' % spec.FORMAT, flush=True)
folder = pathlib.Path(sys.stdin.readline().strip())
job = attempt_files.read(folder / attempt_files.JOB, spec.JobSpec)
if job.description == "doomed":
    os.kill(os.getpid(), 9)
if job.resume_step < job.steps:
    (folder / attempt_files.checkpoint_name(job.steps)).mkdir()
    (folder / attempt_files.checkpoint_name(job.steps) / "model.index").write_text("weights")
    metrics = {"steps_per_sec": 5.0}, {"DetectionBoxes_Precision/mAP@.50IOU": 0.9}
    report = reports.StepReport(job.steps, attempt_files.checkpoint_name(job.steps), *metrics)
    attempt_files.write(folder / attempt_files.report_name(job.steps), report)
(folder / attempt_files.MODEL).write_bytes(b"a model")
exported = job.best_step if job.best_step and job.resume_step == job.steps else job.steps
attempt_files.write(folder / attempt_files.RESULT, reports.Result("completed", job.steps, model_step=exported))
"""
OBEDIENT = (sys.executable, "-c", _PROGRAM)


def measured(name: str, is_default: bool) -> model_variants.Variant:
    """A variant that loses a little."""
    return model_variants.Variant(
        name, model_name(name), 3_500_000, 12.5, 0.90, 0.85, 0.94, 0.55, "evaluation", 40,
        model_variants.Agreement(objects=50, same=45, near=48, extra=1), is_default,
    )  # fmt: skip


Script = Callable[["ScriptedTrainer"], Iterator[None]]


# 9 of 10 raccoons are found, and 2 boxes show nothing.
FOUND = {"confusion": [[9, 1], [2, 0]], "labels": [{"ap50": 0.75}]}


class ScriptedTrainer:
    def __init__(self, script: Script) -> None:
        self._script = script
        self._lines: Iterator[None] | None = None
        self.alive = True
        self.interrupted = self.killed = False

    # What the supervisor sees of a trainer.

    def train(self, folder: Path) -> None:
        self.folder = folder
        self.job = attempt_files.read(folder / attempt_files.JOB, spec.JobSpec)
        self._lines = self._script(self)

    def interrupt(self) -> None:
        self.interrupted = True

    def kill(self) -> None:
        self.killed = self.killed or self.alive
        self.alive = False

    def how_it_ended(self) -> Reason:
        return Reason(Code.CRASHED, {"signal": "SIGSEGV"})

    # What a script can do.

    def next_line(self) -> None:
        if self._lines:  # without a job it only waits
            self.alive = self.alive and next(self._lines, "end") != "end"

    def is_at(self, phase: str, step: int, speed: float = 2.0, loss: float | None = None) -> None:
        attempt_files.write(self.folder / attempt_files.PROGRESS, reports.Progress(phase, step, speed, loss))

    def saves(self, step: int, **evaluation: float) -> None:
        """A whole checkpoint; with evaluation metrics there are detections and their summary too."""
        folder = self.folder / attempt_files.checkpoint_name(step)
        folder.mkdir()
        (folder / "model.index").write_text(f"weights of step {step}")
        detections = attempt_files.detections_name(step) if evaluation else ""
        if detections:
            (self.folder / detections).write_bytes(b"boxes")
        losses = {"Loss/total_loss": 1 / step, "steps_per_sec": 2.0}
        attempt_files.write(
            self.folder / attempt_files.report_name(step),
            StepReport(step, folder.name, losses, evaluation, detections, {"f1": 0.5, **FOUND} if evaluation else None),
        )

    def measures_late(self, step: int, mean_precision: float) -> None:
        """What the checkpoint of that step is worth, measured when training is over."""
        (self.folder / attempt_files.detections_name(step)).write_bytes(b"late boxes")
        metrics = {MEAN_PRECISION: mean_precision}
        report = StepReport(step, "", {}, metrics, attempt_files.detections_name(step), {"threshold": 0.73, **FOUND})
        attempt_files.write(self.folder / attempt_files.measured_name(step), report)

    def says(self, text: str | bytes) -> None:
        """Writes into its log."""
        with (self.folder / attempt_files.LOG).open("ab") as log:
            log.write(text.encode() if isinstance(text, str) else text)

    def exports(self, default: str = "int8") -> None:
        """All variants of the model, measured."""
        for name in VARIANTS:
            (self.folder / model_name(name)).write_text(f"a {name} model")
        attempt_files.write_variants(self.folder, [measured(name, is_default=name == default) for name in VARIANTS])

    def ends(self, outcome: str, step: int, model_step: int = 0, failure: TrainingFailed | None = None) -> None:
        if outcome != "failed" and not (self.folder / attempt_files.MODELS).exists():
            (self.folder / attempt_files.MODEL).write_bytes(b"a model")
        result = reports.Result(outcome, step, started_from="random weights", model_step=model_step or step)
        if failure:
            result = replace(result, cause=failure.cause, params=failure.params)
        attempt_files.write(self.folder / attempt_files.RESULT, result)


class ScriptedClock(Clock):
    def __init__(self, trainer: ScriptedTrainer) -> None:
        self._trainer, self._seconds, self._began = trainer, 0.0, timezone.now()

    def now(self) -> datetime:
        return self._began + timedelta(seconds=self._seconds)

    def monotonic(self) -> float:
        return self._seconds

    def sleep(self, seconds: float) -> None:
        self.passes(seconds)
        self._trainer.next_line()

    def passes(self, seconds: float) -> None:
        """Time goes by in the middle of a turn."""
        self._seconds += seconds


def supervise(
    job: TrainingJob,
    script: Script,
    shutdown: threading.Event | None = None,
    clocks: Callable[[ScriptedTrainer], ScriptedClock] = ScriptedClock,
) -> ScriptedTrainer:
    """Claim the job, run it by the script to the attempt's end, and read it again."""
    trainer = ScriptedTrainer(script)
    clock = clocks(trainer)
    job_leases.claim(job, "worker-1", "cpu", clock.now())
    Supervisor(job, trainer, shutdown or threading.Event(), clock).run()
    job.refresh_from_db()
    return trainer


def content(name: str) -> bytes:
    """What the storage holds under a name."""
    with storage.open_file(name) as stream:
        return stream.read()


def completes(trainer: ScriptedTrainer) -> Iterator[None]:
    """Trains every step, with a checkpoint after each hundred and at the last."""
    trainer.is_at("preparing", trainer.job.resume_step)
    yield
    for step in [*range(trainer.job.resume_step + 100, trainer.job.steps, 100), trainer.job.steps]:
        trainer.is_at("training", step)
        yield
        trainer.saves(step)
        yield
    trainer.is_at("exporting", trainer.job.steps)
    yield
    trainer.ends("completed", trainer.job.steps)


def until_interrupted(step: int, while_exporting: Iterable[None] = ()) -> Script:
    """Trains at `step` until it is interrupted, saves that step then, and exports it."""

    def script(trainer: ScriptedTrainer) -> Iterator[None]:
        while not trainer.interrupted:
            trainer.is_at("training", step)
            yield
        trainer.saves(step)
        trainer.is_at("exporting", step)
        yield
        yield from while_exporting
        trainer.ends("interrupted", step)

    return script


def dies_after(*steps: int) -> Script:
    """Saves checkpoints at `steps`, trains a little further and is gone."""

    def script(trainer: ScriptedTrainer) -> Iterator[None]:
        trainer.is_at("training", trainer.job.resume_step)
        yield
        for step in steps:
            trainer.saves(step)
            yield
        trainer.is_at("training", max(steps, default=trainer.job.resume_step) + 7)
        yield

    return script


def measures(**precisions: float) -> Script:
    """Saves a checkpoint a turn with these mAPs, `step_100=0.5`, and is gone."""

    def script(trainer: ScriptedTrainer) -> Iterator[None]:
        trainer.is_at("training", 1)
        yield
        for name, precision in precisions.items():
            trainer.saves(int(name[5:]), **{MEAN_PRECISION: precision})
            yield

    return script


def soon(holds: Callable[[], bool]) -> bool:
    """Whether it comes true within half a minute, which is long on a machine that runs other tests too."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.02)
    return False
