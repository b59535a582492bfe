"""Train one job: the folder of an attempt in, checkpoints, metrics and a model for robots out."""

import logging
import math
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import tensorflow as tf
import tf_keras

from detector.contract import attempt_files, catalog, spec
from detector.contract.failure import KEPT_STEP, Cause, Diverged, TrainingFailed, is_full_disk
from detector.contract.recipe import Recipe, recipe
from detector.contract.reports import Progress, Result, StepReport
from detector.contract.spec import JobSpec
from detector.frames import inputs
from detector.frames.inputs import Frames
from detector.frames.objects import Truth
from detector.frames.targets import Matcher
from detector.network import Detector, build, starting_weights
from detector.training import devices
from detector.training.evaluate import Evaluation, evaluate, loss_metrics
from detector.training.finish import Finisher, with_evaluation
from detector.training.fitted_pyramid import fit_pyramid
from detector.training.journal import Journal
from detector.training.label_columns import start_labels
from detector.training.learner import Learner, Losses

log = logging.getLogger(__name__)

_EVALUATION_BATCH = 16
# Steps over which the speed for people is averaged.
_SPEED_STEPS = 20
# Steps over which the loss between checkpoints is averaged, for single batches differ much.
_LOSS_STEPS = 10


@contextmanager
def _interruptions() -> Iterator[Callable[[], bool]]:
    """Gives a function that says whether SIGTERM has come. It is asked between steps, so nothing is left half done."""
    come = False

    def note(*_: object) -> None:
        nonlocal come
        come = True

    before = signal.signal(signal.SIGTERM, note)
    try:
        yield lambda: come
    finally:
        signal.signal(signal.SIGTERM, before)


@dataclass
class Interval:
    """What happened since the checkpoint before. The first step of a process is not timed: it builds the graph."""

    losses: list[Losses] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def recent_speed(self) -> float:
        """Steps a second, over the last ones; 0 while unknown."""
        recent = self.seconds[-_SPEED_STEPS:]
        return len(recent) / sum(recent) if recent else 0.0

    def recent_loss(self) -> float:
        """The total loss, over the last steps."""
        recent = self.losses[-_LOSS_STEPS:]
        return sum(loss.total for loss in recent) / len(recent)

    def metrics(self, learning_rate: float) -> dict[str, float]:
        """The training metrics, averaged over the steps of the interval."""
        mean = Losses(
            *np.mean([[loss.classification, loss.localization, loss.regularization] for loss in self.losses], 0)
        )
        speed = len(self.seconds) / sum(self.seconds) if self.seconds else 0.0
        averaged = {name: float(value) for name, value in loss_metrics(mean).items()}
        return averaged | {"learning_rate": learning_rate, "steps_per_sec": speed}


class Trainer:
    """One attempt at a job."""

    def __init__(self, job: JobSpec, journal: Journal, interrupted: Callable[[], bool]) -> None:
        self._job, self._journal, self._interrupted = job, journal, interrupted
        model = catalog.starting_model(job.starting_model)
        folder = Path(job.weights_folder) if job.weights_folder else None
        start = starting_weights(model, folder, job.starting_weights)
        if (job.resume_from or job.parent_from) and job.starting_weights not in ("", start.name):
            raise TrainingFailed(Cause.WEIGHTS_ARE_GONE, weights=job.starting_weights)
        chosen = recipe(model, job.batch_size, start.start)
        self._recipe: Recipe = replace(chosen, precision=devices.precision(job.device))
        journal.recipe(self._recipe)
        self._training = Frames(job.training_shards, job.training_frames, model.input_size)
        self._evaluation = Frames(job.evaluation_shards, job.evaluation_frames, model.input_size)
        self._truths: list[Truth] = []
        self._strategy = devices.strategy(job.device, job.devices)
        tf_keras.utils.set_random_seed(job.seed)
        with self._strategy.scope():
            self.detector: Detector = build(model, len(job.label_names), self._recipe.precision, start)
            if job.parent_from:
                self._take_weights_of_parent()
            own_steps = job.steps - job.first_step
            self._learner = Learner(self.detector, self._recipe, own_steps, self._strategy, job.first_step)
            if job.resume_from:
                self._learner.restore(Path(job.resume_from) / attempt_files.CHECKPOINT_FILES)
        self._matcher = Matcher.of(self.detector, self._recipe.match_iou)
        self._evaluation_batches = inputs.unchanged_batches(self._evaluation, _EVALUATION_BATCH, self._matcher)

    @property
    def step(self) -> int:
        return self._learner.step

    def _take_weights_of_parent(self) -> None:
        """Those that were evaluated and exported; of its optimizer nothing stays."""
        parent = Learner(self.detector, self._recipe, self._job.first_step, self._strategy)
        parent.restore(Path(self._job.parent_from) / attempt_files.CHECKPOINT_FILES)
        parent.settle_on_average()

    def run(self) -> bool:
        """Train to the last step. Returns False when it was interrupted; a checkpoint of its step is saved then."""
        if self.step >= self._job.steps:
            return True
        self._read_truths()
        if not (self._job.resume_from or self._job.parent_from):
            self._fit_start()
        interval = Interval()
        for losses, seconds in self._steps():
            step = self.step
            interval.losses.append(losses)
            if seconds is not None:
                interval.seconds.append(seconds)
            self._journal.step_done(step, interval.recent_speed(), interval.recent_loss())
            interrupted = self._interrupted()
            is_due = (step - self._job.first_step) % self._job.checkpoint_interval == 0
            is_last = step == self._job.steps
            if interrupted or is_last or is_due:
                is_apart = is_last and self._job.measures_last_apart
                self._save(interval.metrics(self._learner.learning_rate), evaluated=not (interrupted or is_apart))
                interval = Interval()
        return self.step == self._job.steps

    def _read_truths(self) -> None:
        """Look through both splits before the first step, and keep the evaluation frames' objects."""
        if not inputs.check(self._training, len(self._job.label_names)):
            raise TrainingFailed(Cause.NO_BOX)
        inputs.check(self._evaluation, len(self._job.label_names))
        self._truths = inputs.truths(self._evaluation)

    def _fit_start(self) -> None:
        """Fit the start to the training frames: a pyramid, then each label; and say what labels start from."""
        fit_pyramid(self.detector, self._training)
        self.detector = start_labels(self.detector, self._training, self._matcher)
        self._learner.begin_average()
        weights, labels = self.detector.weights, self._job.label_names
        if weights.label_columns and weights.class_names:
            names = [[weights.class_names[column] for column in columns] for columns in weights.label_columns]
            self._journal.label_starts(dict(zip(labels, names, strict=True)))

    def _steps(self) -> Iterator[tuple[Losses, float | None]]:
        """Do steps until the last one or an interruption; gives each one's losses and seconds."""
        # Kept, for its end waits for the frames under way, and whoever pressed stop would wait for them as well.
        self._batches = iter(self._strategy.experimental_distribute_dataset(self._training_batches()))
        first = True
        while self.step < self._job.steps and not self._interrupted():
            began = time.monotonic()
            losses = self._learner.learn(next(self._batches))
            if not math.isfinite(losses.total):
                raise Diverged(self.step)
            yield losses, None if first else time.monotonic() - began
            first = False

    def _training_batches(self) -> tf.data.Dataset:
        job = self._job
        return inputs.training_batches(
            self._training, job.batch_size, self._matcher, self._recipe, job.seed, first_step=self.step
        )

    def _save(self, metrics: dict[str, float], evaluated: bool) -> None:
        """Write a checkpoint with its report; with an evaluation, unless there is an interruption on the way.

        Raises Diverged, and writes none, when the weights have become too large to go on with, or are no numbers.
        """
        step = self.step
        if not math.isfinite(float(tf.linalg.global_norm(self.detector.network.variables))):
            raise Diverged(step)
        checkpoint = self._journal.checkpoint(step, self._learner.save)
        report = StepReport(step, checkpoint, metrics)
        evaluation = self._evaluate() if evaluated and self._truths else None
        if evaluation:
            report = with_evaluation(report, evaluation, self._job.label_names, self._journal)
        self._journal.report(report)

    def export(self, folder: Path) -> int:
        """Measure what is left to measure, export the best checkpoint, and return its step. See Finisher."""
        return Finisher(
            self._job, self._journal, self.detector, self._learner, self._strategy,
            self._training, self._evaluation, self._evaluate_at_the_end,
        ).export(folder)  # fmt: skip

    def _evaluate_at_the_end(self) -> Evaluation | None:
        """Whatever has interrupted training; None without evaluation frames."""
        if not self._truths:
            inputs.check(self._evaluation, len(self._job.label_names))
            self._truths = inputs.truths(self._evaluation)
        return self._evaluated(lambda: False) if self._truths else None

    def _evaluate(self) -> Evaluation | None:
        self._journal.phase("evaluating", self.step)
        evaluation = self._evaluated(self._interrupted)
        self._journal.phase("training", self.step)
        return evaluation

    def _evaluated(self, stopped: Callable[[], bool]) -> Evaluation | None:
        with self._learner.averaged():
            return evaluate(
                self._learner, self.detector, self._evaluation_batches, self._truths, self._job.suppression(), stopped
            )


def train(
    folder: Path,
    observe: Callable[[Progress], None] = lambda progress: None,
    written: Callable[[], None] = lambda: None,
) -> Result:
    """Train the job in an attempt's folder and write all files that attempt_files.py names there.

    SIGTERM ends it at the present step. `observe` is told of the progress. What goes wrong is in the result. `written`
    is called when all files are there, and before TensorFlow's queues are let go: a process that ends there does not
    wait for their threads, which wait by the time of day, so for hours where the clock was set back meanwhile.
    """
    journal = Journal(folder, observe)
    kept: list[Trainer] = []
    try:
        with _interruptions() as interrupted:
            result = _train(folder, journal, interrupted, kept)
    except TrainingFailed as failure:
        result = _failed(journal, failure)
    except Exception as error:
        log.exception("training failed")
        result = _failed(journal, _unforeseen(error))
    journal.result(result)
    written()
    return result


def _train(folder: Path, journal: Journal, interrupted: Callable[[], bool], kept: list[Trainer]) -> Result:
    job = _read_job(folder)
    journal.begin(job)
    trainer = Trainer(job, journal, interrupted)
    kept.append(trainer)
    try:
        result = Result("completed" if trainer.run() else "interrupted", journal.newest_step)
    except Diverged as failure:  # what was learned before is worth a model all the same
        result = _failed(journal, failure)
    started_from = job.parent or trainer.detector.weights.name
    return replace(result, started_from=started_from, model_step=trainer.export(folder))


def _failed(journal: Journal, failure: TrainingFailed) -> Result:
    step = journal.newest_step
    kept = {KEPT_STEP: step} if step else {}
    return Result("failed", step, cause=failure.cause, params={**failure.params, **kept})


def _read_job(folder: Path) -> JobSpec:
    """The job of an attempt. Raises TrainingFailed where it asks for something that cannot be done."""
    try:
        job = attempt_files.read(folder / attempt_files.JOB, JobSpec)
        catalog.starting_model(job.starting_model)
    except FileNotFoundError as error:
        raise TrainingFailed(Cause.NO_ORDER, folder=folder) from error
    except (TypeError, ValueError) as error:
        raise TrainingFailed(Cause.UNCLEAR_ORDER, why=error) from error
    except KeyError as error:
        raise TrainingFailed(Cause.UNKNOWN_MODEL, model=repr(job.starting_model)) from error
    if job.format > spec.FORMAT:
        raise TrainingFailed(Cause.OTHER_FORMAT, found=job.format, known=spec.FORMAT)
    if not job.label_names:
        raise TrainingFailed(Cause.NO_LABEL)
    if job.training_frames < 1 or not job.training_shards:
        raise TrainingFailed(Cause.NO_TRAINING_FRAME)
    if min(job.steps - job.first_step, job.batch_size, job.checkpoint_interval, job.devices) < 1:
        raise TrainingFailed(Cause.LESS_THAN_ONE)
    if job.first_step and not (job.parent_from or job.resume_from):
        raise TrainingFailed(Cause.NO_PARENT, step=job.first_step)
    return job


def _unforeseen(error: Exception) -> TrainingFailed:
    """What an unforeseen error means for a student."""
    if is_full_disk(error):
        return TrainingFailed(Cause.DISK_IS_FULL)
    if isinstance(error, tf.errors.ResourceExhaustedError | MemoryError):
        return TrainingFailed(Cause.NO_MEMORY)
    return TrainingFailed(Cause.PROGRAM_ERROR, error=type(error).__name__)
