"""A training job, and the datasets that it uses."""

import uuid
from typing import Any, cast

from django.conf import settings
from django.db import models
from django.utils import timezone

from datasets.models import Dataset
from detector.contract import spec
from detector.contract.suppression import DEFAULT_DETECTIONS
from ftcml.accounts.models import Team
from ftcml.accounts.services.access import TeamQuerySet
from ftcml.core.files import storage
from training import messages
from training.messages.state_words import MEANINGS
from training.reasons import Reason
from training.states import JobState


def current_spec_format() -> int:
    """Of a job without a parent."""
    return spec.FORMAT_WITHOUT_PARENT


class JobQuerySet(TeamQuerySet["TrainingJob"]):
    def with_results(self) -> "JobQuerySet":
        """With the best checkpoint and the default file, for a list that names them: one query for all."""
        return self.select_related("best_checkpoint", "default_file").defer("best_checkpoint__summary")


_JobManager = models.Manager.from_queryset(JobQuerySet)


class _InUse(_JobManager["TrainingJob"]):
    def get_queryset(self) -> JobQuerySet:
        return cast(JobQuerySet, super().get_queryset()).filter(trashed_at=None)


class TrainingJob(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="training_jobs")
    datasets = models.ManyToManyField(Dataset, through="JobDataset", related_name="training_jobs")
    created = models.DateTimeField("date created", default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    description = models.CharField(max_length=30)

    # The job that this one trains more, and the step that it begins at: 0, or where that one ended.
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    first_step = models.PositiveIntegerField(default=0)

    # What was asked for.
    starting_model = models.CharField(max_length=60)
    labels: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    steps_requested = models.PositiveIntegerField()
    max_seconds = models.PositiveIntegerField()
    # Of the model's files, in a picture.
    max_detections = models.PositiveSmallIntegerField("maximum detections", default=DEFAULT_DETECTIONS)

    # The newest form of the spec that training it may need: a worker that knows an older one alone leaves it queued.
    spec_format = models.PositiveSmallIntegerField(default=current_spec_format)

    # What is true now. `state` changes through training/services/jobs.py only, which writes a JobEvent with it.
    state = models.CharField(max_length=20, choices=JobState, default=JobState.QUEUED, db_index=True)
    # Why, as a code of reasons.py with its numbers and names; messages/ has the words.
    reason_code = models.CharField("reason", max_length=40, blank=True)
    reason_params: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(
        "numbers and names of the reason", default=dict, blank=True
    )
    # What the batch size was chosen for, and what the job trains on.
    accelerator = models.CharField(max_length=8, default="cpu")
    batch_size = models.PositiveIntegerField(default=0)
    # The step of the newest checkpoint; `first_step` before there is one.
    steps_completed = models.PositiveIntegerField(default=0)
    # The newest that is as good as the one with the highest mAP (detector/contract/checkpoints.py); None while none was
    # measured.
    best_checkpoint = models.ForeignKey(
        "training.Checkpoint", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Seconds in RUNNING, summed over all attempts.
    training_seconds = models.PositiveIntegerField(default=0)
    started_from = models.CharField("starting weights", max_length=200, blank=True)
    # By label, the names of what it starts from in those weights; empty before training begins, and where none fit.
    label_starts: "models.JSONField[dict[str, list[str]], dict[str, list[str]]]" = models.JSONField(
        "what each label starts from", default=dict, blank=True, editable=False
    )

    # Between checkpoints, from the live trainer.
    live_step = models.PositiveIntegerField(default=0)
    live_steps_per_second = models.FloatField(default=0)
    # The total loss of the last steps; None before there is one.
    live_loss = models.FloatField(null=True)
    # What the trainer does, a phase of contract/reports.py; "" while no trainer has the job.
    live_phase = models.CharField(max_length=10, blank=True, default="")

    # The lease: who works on the job. A worker's writes carry `lease_number` in their filter.
    lease_number = models.PositiveIntegerField(default=0)
    lease_owner = models.CharField(max_length=100, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    deaths_in_a_row = models.PositiveSmallIntegerField(default=0)

    # The model file that is downloaded by default; None until it is exported, and when it was lost.
    default_file = models.ForeignKey(
        "training.ModelFile", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Whether a file of the model was lost, and all are to be made again.
    wants_model_again = models.BooleanField(default=False, editable=False)
    # What was lost and given up (integrity/lost_files.py): never removed, and referred to again when it is found again.
    lost_names: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list, blank=True, editable=False)

    # When a person deleted it. From then on it is in the team's trash (training/trash).
    trashed_at = models.DateTimeField("moved to the trash", null=True, blank=True, editable=False)

    # What people see and workers work on; and that together with the trash.
    objects = _InUse()
    everything = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "id"]

    def __str__(self) -> str:
        return self.description

    @property
    def prefix(self) -> str:
        return storage.team_prefix(self.team_id, "jobs", self.id)

    @property
    def last_step(self) -> int:
        """Where training ends: `steps_requested` are this job's own."""
        return self.first_step + self.steps_requested

    @property
    def has_checkpoint(self) -> bool:
        """Whether the row counts one of the job's own."""
        return self.steps_completed > self.first_step

    def is_own(self, step: int) -> bool:
        """Whether this job did the step, and not a model that it continues."""
        return step > self.first_step

    @property
    def best_step(self) -> int:
        """Of the best checkpoint; 0 while none was measured."""
        return self.best_checkpoint.step if self.best_checkpoint else 0

    @property
    def best_map(self) -> float | None:
        """The best checkpoint's mAP on the evaluation frames; None while none was measured."""
        return self.best_checkpoint.mean_precision if self.best_checkpoint else None

    @property
    def has_model(self) -> bool:
        """Whether there is a file to download by default."""
        return self.default_file_id is not None

    @property
    def model_name(self) -> str:
        """Of the default file in the storage, "" while there is none."""
        return self.default_file.name if self.default_file else ""

    @property
    def model_step(self) -> int:
        """Of the checkpoint that the default file is of, 0 while there is none."""
        return self.default_file.step if self.default_file else 0

    @property
    def starts_from(self) -> str:
        """What a person chose to start from: the parent's description, or the catalog's name."""
        return self.parent.description if self.parent else self.starting_model

    def stored_names(self) -> set[str]:
        """Of all files and checkpoints' folders that the job refers to in the storage."""
        of_checkpoints = self.checkpoints.values_list("folder", "detections_name")
        of_models = self.model_files.values_list("name", flat=True)
        return {*of_models, *(name for pair in of_checkpoints for name in pair)} - {""}

    @property
    def state_reason(self) -> str:
        """The reason in words, "" without one."""
        return messages.words(Reason(self.reason_code, self.reason_params))

    @property
    def state_meaning(self) -> str:
        return MEANINGS[JobState(self.state)]


class JobDataset(models.Model):
    """A job uses a dataset. PROTECT: a dataset cannot be deleted while a model uses it."""

    job = models.ForeignKey(TrainingJob, on_delete=models.CASCADE)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "dataset"], name="a_dataset_once_per_job")]

    def __str__(self) -> str:
        return f"{self.job} uses {self.dataset}"

    @property
    def holder(self) -> str:
        """What keeps the dataset from being deleted, in the words of datasets.refusals.DatasetInUse."""
        return f"{self.job.description} (in the trash)" if self.job.trashed_at else self.job.description
