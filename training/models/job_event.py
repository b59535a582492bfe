"""What happened to a job: its changes of state, and the end of its trainers' logs."""

from typing import Any

from django.db import models
from django.utils import timezone

from training import messages
from training.models.training_job import TrainingJob
from training.reasons import Reason


class JobEvent(models.Model):
    """One change of state: from, to, when, by whom, why."""

    job = models.ForeignKey(TrainingJob, on_delete=models.CASCADE, related_name="events")
    old_state = models.CharField(max_length=20, blank=True)
    new_state = models.CharField(max_length=20)
    created = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=150, blank=True)
    reason_code = models.CharField("reason", max_length=40, blank=True)
    reason_params: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(
        "numbers and names of the reason", default=dict, blank=True
    )

    class Meta:
        ordering = ["job", "id"]

    def __str__(self) -> str:
        return f"{self.old_state} -> {self.new_state}"

    @property
    def why(self) -> str:
        """The reason in words, "" without one."""
        return messages.words(Reason(self.reason_code, self.reason_params))


class TrainerLog(models.Model):
    """The end of what a job's trainers have written to their logs, for people; written by the job's supervisor."""

    job = models.OneToOneField(TrainingJob, primary_key=True, on_delete=models.CASCADE, related_name="trainer_log")
    tail = models.TextField(blank=True)
    updated = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"log of {self.job}"
