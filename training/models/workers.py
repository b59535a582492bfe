"""The training workers that live, and how fast their machines are."""

from django.db import models
from django.utils import timezone


class Drain(models.TextChoices):
    """How a worker comes to rest. It takes no new training in any case."""

    FINISH = "finish", "Finish its present training"
    HAND_OVER = "hand-over", "Hand its present training over"


class TrainingWorker(models.Model):
    """A training worker says here that it lives and what it trains on, and hears here whether it shall come to rest."""

    name = models.CharField(max_length=100, unique=True)
    accelerator = models.CharField(max_length=8, default="cpu")
    devices = models.PositiveSmallIntegerField(default=1)
    last_seen = models.DateTimeField()
    # Of its code, "" of one from before workers said so.
    version = models.CharField(max_length=40, blank=True, default="", db_default="")
    # What an operator asked of it; it lasts until an operator takes it back.
    drain = models.CharField(max_length=10, choices=Drain, blank=True, default="", db_default="")
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
