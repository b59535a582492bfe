"""Keeps the loss between checkpoints: a curve of few points, however long the training takes."""

from django.db import transaction

from detector.contract.reports import Progress
from training.models import LiveLoss, TrainingJob
from training.worker import job_leases
from training.worker.worker_clock import Clock

MOST_POINTS = 500
SECONDS_BETWEEN_WRITES = 2.0

Points = list[list[float]]


class LiveLossKeeper:
    """Writes the losses of one attempt into the job's row of losses, while the worker holds the lease."""

    def __init__(self, job: TrainingJob, clock: Clock) -> None:
        self._job, self._clock = job, clock
        self._points: Points | None = None
        self._written_at = float("-inf")

    def keep(self, progress: Progress) -> None:
        """Take what is new, and write it every SECONDS_BETWEEN_WRITES at most."""
        if progress.loss is None:
            return
        if self._points is None:
            self._points = _before(self._job)
        is_new = add(self._points, progress.step, progress.loss)
        if is_new and self._clock.monotonic() - self._written_at >= SECONDS_BETWEEN_WRITES:
            self._written_at = self._clock.monotonic()
            _write(self._job, self._points)


def add(points: Points, step: int, loss: float) -> bool:
    """Add a point unless it is too close to the last one, and thin them when they are too many.

    Returns whether it was added.
    """
    if points and step - points[-1][0] <= (points[-1][0] - points[0][0]) / MOST_POINTS:
        return False
    points.append([step, float(f"{loss:.4g}")])
    if len(points) > MOST_POINTS:
        del points[1::2]
    return True


def _before(job: TrainingJob) -> Points:
    """Return the points of earlier attempts, up to the checkpoint that this one resumes from."""
    kept = LiveLoss.objects.filter(job=job).first()
    return [point for point in kept.points if point[0] <= job.steps_completed] if kept else []


@transaction.atomic
def _write(job: TrainingJob, points: Points) -> None:
    """Write the points, if the lease is held."""
    if job_leases.held(job).select_for_update().values_list("pk"):
        LiveLoss.objects.update_or_create(job_id=job.pk, defaults={"points": points})
