"""What a job's checkpoints measured."""

from django.db import models

from training.models.training_job import TrainingJob


class MetricPoint(models.Model):
    class Split(models.TextChoices):
        TRAIN = "train"
        EVAL = "eval"

    job = models.ForeignKey(TrainingJob, on_delete=models.CASCADE, related_name="metric_points")
    split = models.CharField(max_length=5, choices=Split)
    tag = models.CharField(max_length=60)
    step = models.PositiveIntegerField()
    value = models.FloatField()

    class Meta:
        ordering = ["job", "split", "tag", "step"]
        constraints = [models.UniqueConstraint(fields=["job", "split", "tag", "step"], name="one_value_per_step")]

    def __str__(self) -> str:
        return f"{self.split} {self.tag} at step {self.step}: {self.value}"


class LiveLoss(models.Model):
    """The total loss between checkpoints, of one job: few enough points to be drawn, and they stay few."""

    job = models.OneToOneField(TrainingJob, primary_key=True, on_delete=models.CASCADE, related_name="live_losses")
    # [step, loss], the oldest first.
    points: "models.JSONField[list[list[float]], list[list[float]]]" = models.JSONField(default=list)

    class Meta:
        verbose_name_plural = "live losses"

    def __str__(self) -> str:
        return f"loss of {self.job} between checkpoints"
