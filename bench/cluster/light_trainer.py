"""A trainer that keeps to the contract of detector/contract/spec.py, and learns nothing: its weights are its steps.

It reads its shards, and continues only from a checkpoint that has the weights of the step that it is told.
"""

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from detector.contract import attempt_files, reports, spec
from machine.parents import end_with_parent

STEPS_PER_SECOND = 20.0
_TURN_SECONDS = 0.25
# So much to upload is each checkpoint, and the model.
_CHECKPOINT_BYTES = 2_000_000
_WEIGHTS = "weights.txt"


class Trainer:
    """Trains one job."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._is_interrupted = folder, False
        self._job = attempt_files.read(folder / attempt_files.JOB, spec.JobSpec)
        self._step = self._saved = self._job.resume_step
        signal.signal(signal.SIGTERM, self._interrupt)

    def _interrupt(self, *_: object) -> None:
        self._is_interrupted = True

    def run(self) -> None:
        self._tell("preparing")
        self._read()
        began, first = time.monotonic(), self._step
        while self._step < self._job.steps and not self._is_interrupted:
            time.sleep(_TURN_SECONDS)
            done = first + int((time.monotonic() - began) * STEPS_PER_SECOND)
            interval = self._job.checkpoint_interval
            self._step = min(done, self._job.steps, (self._saved // interval + 1) * interval)
            self._tell("training")
            if self._step in (self._job.steps, self._saved + interval - self._saved % interval):
                self._save()
        if self._step > self._saved:
            self._save()
        self._end()

    def _read(self) -> None:
        """Read what a real trainer reads. Ends this process where the checkpoint is not that of its step."""
        for shard in (*self._job.training_shards, *self._job.evaluation_shards):
            Path(shard).read_bytes()
        if self._job.resume_from:
            weights = (Path(self._job.resume_from) / _WEIGHTS).read_text()
            if int(weights) != self._job.resume_step:
                sys.exit(f"the checkpoint is of step {weights}, and not of {self._job.resume_step}")

    def _tell(self, phase: reports.Phase) -> None:
        attempt_files.write(
            self._folder / attempt_files.PROGRESS, reports.Progress(phase, self._step, STEPS_PER_SECOND, 1.0)
        )

    def _save(self) -> None:
        """Write a checkpoint and its report, which names it and comes last."""
        folder = self._folder / attempt_files.checkpoint_name(self._step)
        folder.mkdir()
        (folder / _WEIGHTS).write_text(str(self._step))
        (folder / "more.bin").write_bytes(os.urandom(_CHECKPOINT_BYTES))
        report = reports.StepReport(self._step, folder.name, {"Loss/total_loss": 1.0 / self._step}, {})
        attempt_files.write(self._folder / attempt_files.report_name(self._step), report)
        self._saved = self._step

    def _end(self) -> None:
        if self._step < self._job.steps:
            attempt_files.write(self._folder / attempt_files.RESULT, reports.Result("interrupted", self._step))
            return
        self._tell("exporting")
        (self._folder / attempt_files.MODEL).write_bytes(os.urandom(_CHECKPOINT_BYTES))
        attempt_files.write(
            self._folder / attempt_files.RESULT, reports.Result("completed", self._step, model_step=self._step)
        )


def _end_with_input() -> None:
    """End when the worker does: it holds the other end."""
    sys.stdin.read()
    os._exit(1)


def main() -> None:
    end_with_parent(signal.SIGKILL)
    ready = {"ready": True, "accelerator": "cpu", "devices": 1, "format": spec.FORMAT}
    print(json.dumps(ready), flush=True)
    folder = sys.stdin.readline().strip()
    if folder:
        threading.Thread(target=_end_with_input, daemon=True).start()
        Trainer(Path(folder)).run()


if __name__ == "__main__":
    main()
