"""The training workers that live, and how fast their machines are."""

from django.db import models
from django.utils import timezone


class TrainingWorker(models.Model):
    """A training worker says here that it lives, and what it trains on."""

    name = models.CharField(max_length=100, unique=True)
    accelerator = models.CharField(max_length=8, default="cpu")
    devices = models.PositiveSmallIntegerField(default=1)
    last_seen = models.DateTimeField()
    # Why it takes no job, as a sentence for operators; "" where it would take one.
    problem = models.CharField("why it takes no job", max_length=500, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} ({self.accelerator})"


class MeasuredSpeed(models.Model):
    """How fast the machine of a training worker trains a starting model, as it measured when it was new."""

    worker = models.CharField("name of the worker", max_length=100)
    accelerator = models.CharField(max_length=8)
    starting_model = models.CharField(max_length=60)
    seconds_per_frame = models.FloatField()
    measured = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["worker", "accelerator", "starting_model"], name="one_speed_of_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.starting_model} on {self.worker}: {self.seconds_per_frame:.3f} s a frame"
