"""Runs of a team's models over frames of videos: what each found, and what that says of the labels."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from ftcml.accounts.models import Team
from ftcml.accounts.services.access import TeamQuerySet
from training import messages
from training.models.training_job import TrainingJob
from training.reasons import Reason
from videos.models import Frame, Video

_PERSON = settings.AUTH_USER_MODEL
Corners = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Detection:
    """What a model found in a frame. `corners`: xmin, ymin, xmax, ymax in pixels of the frame."""

    label: str
    corners: Corners
    score: float

    def stored(self) -> list[Any]:
        """Return what a row keeps of it."""
        return [self.label, *(round(corner, 2) for corner in self.corners), round(self.score, 4)]

    @classmethod
    def of(cls, stored: list[Any]) -> "Detection":
        label, xmin, ymin, xmax, ymax, score = stored
        return cls(label, (xmin, ymin, xmax, ymax), score)


class ModelRun(models.Model):
    """A run of a trained model over frames of a video, which a worker does and another one can resume."""

    class Purpose(models.TextChoices):
        PROPOSALS = "proposals"  # boxes to confirm, on frames that aren't labeled
        HELPFUL = "helpful"  # which frames to label next
        AUDIT = "audit"  # what in labeled frames is worth a second look

    class State(models.TextChoices):
        RUNNING = "RUNNING"  # or waiting for a worker
        DONE = "DONE"
        STOPPED = "STOPPED"
        FAILED = "FAILED"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="model_runs")
    job = models.ForeignKey(TrainingJob, verbose_name="model", on_delete=models.CASCADE, related_name="model_runs")
    created = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(_PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.PROPOSALS)
    # The numbers of the first and the last frame that it may look at.
    first = models.PositiveIntegerField(default=0)
    last = models.PositiveIntegerField()
    # Detections below it are kept, and not proposed.
    minimum_confidence = models.FloatField(default=0.5)

    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    # Why it FAILED, as a code of reasons.py with its numbers and names; messages/ has the words.
    reason_code = models.CharField("reason", max_length=40, blank=True)
    reason_params = models.JSONField("numbers and names of the reason", default=dict, blank=True)
    frames_done = models.PositiveIntegerField(default=0)
    frames_total = models.PositiveIntegerField(default=0)
    boxes_proposed = models.PositiveIntegerField(default=0)

    # Who works on it holds it until then; a later time means that it is alive.
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    # How long workers were at it, and when the last one was: by that teams take turns.
    worker_seconds = models.PositiveIntegerField(default=0, editable=False)
    worked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "id"]
        constraints = [models.CheckConstraint(condition=models.Q(first__lte=models.F("last")), name="a_run_has_frames")]

    def __str__(self) -> str:
        return f"{self.job} over {self.video}"

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING

    @property
    def error(self) -> str:
        """Why it FAILED, in words; "" where it did not."""
        return messages.words(Reason(self.reason_code, self.reason_params))


class FrameDetections(models.Model):
    """What one model found in one frame: it is never looked for twice."""

    job = models.ForeignKey(TrainingJob, on_delete=models.CASCADE, related_name="+")
    frame = models.ForeignKey(Frame, on_delete=models.CASCADE, related_name="+")
    # Each as Detection.stored has it, the surest first.
    boxes: "models.JSONField[list[list[Any]], list[list[Any]]]" = models.JSONField(default=list)
    # The places in `boxes` of those that were proposed: what a person deleted isn't proposed again.
    proposed: "models.JSONField[list[int], list[int]]" = models.JSONField(default=list)
    # How the frame looks to the model, see training/proposals/features.py.
    look = models.BinaryField(default=b"")

    class Meta:
        ordering = ["job", "frame"]
        verbose_name = "detection record"
        constraints = [models.UniqueConstraint(fields=["job", "frame"], name="one_look_of_a_model_per_frame")]

    def __str__(self) -> str:
        return f"{len(self.boxes)} detections in {self.frame}"

    def detections(self) -> list[Detection]:
        return [Detection.of(box) for box in self.boxes]


class LabelFinding(models.Model):
    """Something in a labeled frame that is worth a second look. It belongs to the run that found it."""

    class Kind(models.TextChoices):
        NOT_LABELED = "not_labeled"  # the model finds it, and nobody drew a box
        NOT_FOUND = "not_found"  # a person drew it, and the model finds nothing there
        OTHER_LABEL = "other_label"  # it looks more like another label's boxes

    run = models.ForeignKey(ModelRun, on_delete=models.CASCADE, related_name="findings")
    frame = models.ForeignKey(Frame, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    # Of the box that a person drew; None where nobody did.
    box_key = models.UUIDField(null=True, blank=True)
    label = models.CharField(max_length=100)
    # What the box looks like, of OTHER_LABEL.
    other_label = models.CharField(max_length=100, blank=True)
    corners: "models.JSONField[list[float], list[float]]" = models.JSONField(default=list)
    # How much it is worth a look, from 0 to 1.
    weight = models.FloatField(default=0)

    class Meta:
        ordering = ["run", "-weight", "id"]

    def __str__(self) -> str:
        return f"{self.kind}: {self.label} in {self.frame}"
