"""The checkpoints that were published for a job."""

from django.db import models
from django.db.models import Max
from django.utils import timezone

from detector.contract.stored import StoredSummary
from detector.contract.suppression import DEFAULT_IOU
from training.models.training_job import TrainingJob


class CheckpointQuerySet(models.QuerySet["Checkpoint"]):
    def with_files(self) -> "CheckpointQuerySet":
        """The newest, and the best where it is another one."""
        return self.exclude(folder="")

    def with_detections(self) -> "CheckpointQuerySet":
        return self.exclude(detections_name="")

    def best_of(self, job: TrainingJob) -> "Checkpoint | None":
        """The job's best one, where it is among these."""
        return self.filter(pk=job.best_checkpoint_id).first() if job.best_checkpoint_id else None

    def highest_map(self) -> float:
        """Return the highest mAP of these, 0 while none was measured."""
        highest: float | None = self.aggregate(highest=Max("mean_precision"))["highest"]
        return highest or 0.0

    def with_summary(self) -> "CheckpointQuerySet":
        return self.filter(summary__isnull=False)


class Checkpoint(models.Model):
    """A published checkpoint. Its files are kept for the newest and the best only; its numbers stay."""

    job = models.ForeignKey(TrainingJob, on_delete=models.CASCADE, related_name="checkpoints")
    step = models.PositiveIntegerField()
    lease_number = models.PositiveIntegerField()
    created = models.DateTimeField(default=timezone.now)
    # The folder in the storage that holds the files; empty once they are removed.
    folder = models.CharField(max_length=300, blank=True)
    # The detections on the evaluation frames, one compressed JSON file; empty without evaluation.
    detections_name = models.CharField(max_length=300, blank=True)
    # None where no evaluation frame has an object.
    mean_precision = models.FloatField("mAP on the evaluation frames", null=True, blank=True)
    # What the detections are worth, label by label: contract/reports.py, Summary, as JSON; None without evaluation.
    summary: "models.JSONField[StoredSummary | None, StoredSummary | None]" = models.JSONField(null=True, blank=True)
    # What the summary says, counted for lists: insight/accuracy.py. None where nothing was measured.
    objects_there = models.PositiveIntegerField("objects on the evaluation frames", null=True, blank=True)
    objects_found = models.PositiveIntegerField(null=True, blank=True)
    false_alarms = models.PositiveIntegerField(null=True, blank=True)
    ap50 = models.FloatField("mAP@.50", null=True, blank=True)

    objects = CheckpointQuerySet.as_manager()

    class Meta:
        ordering = ["job", "step"]
        constraints = [models.UniqueConstraint(fields=["job", "step"], name="one_checkpoint_per_step")]

    def __str__(self) -> str:
        return f"{self.job} at step {self.step}"

    @property
    def nms_iou(self) -> float:
        """The overlap above which two boxes of a label count as one in a file of this checkpoint."""
        return self.summary.get("nms_iou", DEFAULT_IOU) if self.summary else DEFAULT_IOU

    @property
    def found_percent(self) -> int | None:
        """The share of objects found, rounded down: 100 means all of them. None where there is none to find."""
        if not self.objects_there or self.objects_found is None:
            return None
        return 100 * self.objects_found // self.objects_there
