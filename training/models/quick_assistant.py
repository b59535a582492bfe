"""The quick assistant: a short training on the first labeled frames of a video, which then proposes the rest."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from datasets.models import Dataset
from ftcml.accounts.models import Team
from ftcml.accounts.services.access import TeamQuerySet
from training import messages
from training.models.model_run import ModelRun
from training.models.training_job import TrainingJob
from training.reasons import Reason
from videos.models import Video

_PERSON = settings.AUTH_USER_MODEL


class QuickAssistant(models.Model):
    """One click on it: a dataset is produced, a model is trained, and that model proposes."""

    class State(models.TextChoices):
        PRODUCING = "PRODUCING"
        TRAINING = "TRAINING"
        DONE = "DONE"  # its model proposes, or has
        FAILED = "FAILED"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="quick_assistants")
    created = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(_PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    # What the person was told that it may take of the team's minutes.
    max_minutes = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.PRODUCING)
    # Why it FAILED.
    reason_code = models.CharField("reason", max_length=40, blank=True)
    reason_params = models.JSONField("numbers and names of the reason", default=dict, blank=True)
    dataset = models.ForeignKey(Dataset, null=True, on_delete=models.SET_NULL, related_name="+")
    job = models.ForeignKey(TrainingJob, null=True, on_delete=models.SET_NULL, related_name="+")
    run = models.ForeignKey(ModelRun, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "-id"]

    def __str__(self) -> str:
        return f"quick assistant of {self.video}"

    @property
    def is_at_work(self) -> bool:
        return self.state in (self.State.PRODUCING, self.State.TRAINING)

    @property
    def error(self) -> str:
        """Why it FAILED, in words; "" where it did not."""
        return messages.words(Reason(self.reason_code, self.reason_params))
