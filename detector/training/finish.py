"""When training is over: measure what was saved without evaluation, choose the best checkpoint, and export it."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import tensorflow as tf

from detector.contract import attempt_files, checkpoints
from detector.contract.checkpoints import Saved
from detector.contract.reports import StepReport
from detector.contract.spec import JobSpec
from detector.evaluation.detections import detections_file
from detector.evaluation.summary import summarize
from detector.frames.inputs import Frames
from detector.network import Detector
from detector.training.evaluate import Evaluation
from detector.training.journal import Journal
from detector.training.learner import Learner

if TYPE_CHECKING:
    from detector.export.tflite import Exporter

log = logging.getLogger(__name__)


def with_evaluation(report: StepReport, evaluation: Evaluation, labels: Sequence[str], journal: Journal) -> StepReport:
    """Return the report of a checkpoint that was evaluated, and write its detections."""
    step, matched = report.step, evaluation.matched
    detections = journal.detections(step, detections_file(step, labels, matched))
    summary = summarize(matched, evaluation.precisions, labels, evaluation.suppression).stored()
    return replace(report, evaluation_metrics=evaluation.metrics, detections=detections, summary=summary)


@dataclass(frozen=True)
class Finisher:
    """The end of one attempt. `evaluate`: of the learner's present weights; None without evaluation frames.

    The detector's weights are those of some checkpoint afterwards.
    """

    job: JobSpec
    journal: Journal
    detector: Detector
    learner: Learner
    strategy: tf.distribute.Strategy
    training: Frames
    evaluation: Frames
    evaluate: Callable[[], Evaluation | None]

    def export(self, folder: Path) -> int:
        """Write the float32 file, then what the job is whole without: the other variants, and the newest checkpoint's.

        They are of the best checkpoint, whose step is returned: of the job's own, or the parent's where it is clearly
        better. Without a checkpoint of the job's own there is no file, and the step is 0.
        """
        from detector.export.variants import export_variants

        saved = self.journal.saved()
        if not saved:
            return 0
        step = saved[-1].step
        self.journal.phase("measuring", step)
        best = self._best(saved)
        self.journal.phase("exporting", step)
        exporter = self._export(best, folder / attempt_files.MODEL)
        try:
            export_variants(exporter, folder, self.training, self.evaluation)
            if saved[-1].folder != best.folder:
                self._export(saved[-1], folder / attempt_files.NEWEST_MODEL)
        except Exception:
            log.exception("not all files were made beside float32's")
        return best.step

    def _best(self, saved: list[Saved]) -> Saved:
        """The checkpoint to export. What cannot be measured costs the job no file."""
        known, parents = list(saved), None
        try:
            if saved[-1].mean_precision is None:
                known[-1] = self._measured(saved[-1])
            parents = self._better_of_parent(checkpoints.best(known, self.job.highest_map))
        except Exception:
            log.exception("not all checkpoints were measured")
        best = checkpoints.to_export(known, self.job.highest_map, parents)
        assert best
        return best

    def _better_of_parent(self, own: Saved | None) -> Saved | None:
        """The parent's checkpoint, measured on this job's frames, where it may be better than the best of the job."""
        parents = self.journal.of_parent()
        if own is None or parents is None:
            return None
        if parents.mean_precision is not None and checkpoints.best_with_parents(own, parents) is own:
            return None
        return self._measured(parents)

    def _measured(self, checkpoint: Saved) -> Saved:
        """The checkpoint with its mAP, which is reported; as it is where there are no evaluation frames, and where
        measuring was given up."""
        if not self.job.measures_at_end:
            log.warning("step %d is not measured: trainers died of it before", checkpoint.step)
            return checkpoint
        self._restore(checkpoint)
        evaluation = self.evaluate()
        if evaluation is None:
            return checkpoint
        report = with_evaluation(StepReport(checkpoint.step, "", {}), evaluation, self.job.label_names, self.journal)
        self.journal.measured(report)
        return replace(checkpoint, mean_precision=report.mean_precision, nms_iou=report.nms_iou)

    def _restore(self, checkpoint: Saved) -> None:
        with self.strategy.scope():
            self.learner.restore(checkpoint.folder / attempt_files.CHECKPOINT_FILES)

    def _export(self, checkpoint: Saved, path: Path) -> "Exporter":
        """Write the float32 file of a checkpoint. Returns what writes the other variants."""
        from detector.export.tflite import export

        self._restore(checkpoint)
        name, suppression = self.job.description or self.job.starting_model, self.job.suppression(checkpoint.nms_iou)
        with self.learner.averaged():
            return export(self.detector, self.job.label_names, path, name, suppression=suppression)
