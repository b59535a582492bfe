"""A training job, the checkpoints that were published for it, its metrics, its changes of state, and the workers.

Rows are the truth: a page never reads the files of a running job.
"""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from datasets.models import Dataset
from detector.contract import spec
from ftcml.accounts.models import Team
from ftcml.accounts.services.access import TeamQuerySet
from ftcml.core.files import storage
from training import messages
from training.reasons import Reason
from training.states import MEANINGS, JobState


def current_spec_format() -> int:
    """Of a job without a parent."""
    return spec.FORMAT_WITHOUT_PARENT


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
    labels = models.JSONField(default=list)
    steps_requested = models.PositiveIntegerField()
    max_seconds = models.PositiveIntegerField()

    # The newest form of the spec that training it may need: a worker that knows an older one alone leaves it queued.
    spec_format = models.PositiveSmallIntegerField(default=current_spec_format)

    # What is true now. `state` changes through training/services/jobs.py only, which writes a JobEvent with it.
    state = models.CharField(max_length=20, choices=JobState, default=JobState.QUEUED, db_index=True)
    # Why, as a code of reasons.py with its numbers and names; messages.py has the words.
    reason_code = models.CharField("reason", max_length=40, blank=True)
    reason_params = models.JSONField("numbers and names of the reason", default=dict, blank=True)
    # What the batch size was chosen for, and what the job trains on.
    accelerator = models.CharField(max_length=8, default="cpu")
    batch_size = models.PositiveIntegerField(default=0)
    # The step of the newest checkpoint; `first_step` before there is one.
    steps_completed = models.PositiveIntegerField(default=0)
    # The best checkpoint: its step, 0 while none was measured, and its mAP on the evaluation frames.
    best_step = models.PositiveIntegerField(default=0)
    best_map = models.FloatField("mAP of the best checkpoint", null=True, blank=True)
    # Seconds in RUNNING, summed over all attempts.
    training_seconds = models.PositiveIntegerField(default=0)
    started_from = models.CharField("starting weights", max_length=200, blank=True)

    # Between checkpoints, from the live trainer.
    live_step = models.PositiveIntegerField(default=0)
    live_steps_per_second = models.FloatField(default=0)

    # The lease: who works on the job. A worker's writes carry `lease_number` in their filter.
    lease_number = models.PositiveIntegerField(default=0)
    lease_owner = models.CharField(max_length=100, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    deaths_in_a_row = models.PositiveSmallIntegerField(default=0)

    # The .tflite in the storage that is downloaded by default; empty until it is exported.
    model_name = models.CharField("model file", max_length=300, blank=True)
    # The step of the checkpoint that the model files are of, 0 while there are none.
    model_step = models.PositiveIntegerField(default=0)
    # Whether a file of the model was lost, and all are to be made again.
    wants_model_again = models.BooleanField(default=False, editable=False)
    # What was lost and given up (integrity/lost_files.py): never removed, and referred to again when it is found again.
    lost_names = models.JSONField(default=list, blank=True, editable=False)

    objects = TeamQuerySet.as_manager()

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

    @property
    def starts_from(self) -> str:
        """What a person chose to start from: the parent's description, or the catalog's name."""
        return self.parent.description if self.parent else self.starting_model

    def stored_names(self) -> set[str]:
        """Of all files and checkpoints' folders that the job refers to in the storage."""
        of_checkpoints = self.checkpoints.values_list("folder", "detections_name")
        of_models = self.model_files.values_list("name", flat=True)
        return {self.model_name, *of_models, *(name for pair in of_checkpoints for name in pair)} - {""}

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
        return self.job.description


class CheckpointQuerySet(models.QuerySet["Checkpoint"]):
    def with_files(self) -> "CheckpointQuerySet":
        """The newest, and the best where it is another one."""
        return self.exclude(folder="")

    def with_detections(self) -> "CheckpointQuerySet":
        return self.exclude(detections_name="")

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
    # What the detections are worth, label by label: contract/spec.py, Summary, as JSON; None without evaluation.
    summary = models.JSONField(null=True, blank=True)

    objects = CheckpointQuerySet.as_manager()

    class Meta:
        ordering = ["job", "step"]
        constraints = [models.UniqueConstraint(fields=["job", "step"], name="one_checkpoint_per_step")]

    def __str__(self) -> str:
        return f"{self.job} at step {self.step}"


class ModelFile(models.Model):
    """One variant of a job's model, and what it is worth: contract/spec.py, Variant, says what the numbers mean.

    All are of the best checkpoint, save the variant NEWEST: the newest one's float32, not measured.
    Where the variants were not made or measured there is float32 alone, and its measured numbers are None.
    """

    NEWEST = "newest"

    job = models.ForeignKey(TrainingJob, on_delete=models.CASCADE, related_name="model_files")
    variant = models.CharField(max_length=10)
    name = models.CharField("name in the storage", max_length=300)
    size = models.PositiveIntegerField("size in bytes")
    latency_ms = models.FloatField(null=True)
    ap50 = models.FloatField(null=True)
    ap50_low = models.FloatField(null=True)
    ap50_high = models.FloatField(null=True)
    ap = models.FloatField(null=True)
    compared_on = models.CharField("split it was measured on", max_length=10, blank=True)
    frames = models.PositiveIntegerField("frames it was measured on", default=0)
    # Box by box, beside float32's.
    objects_of_float32 = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    near = models.PositiveIntegerField(default=0)
    extra = models.PositiveIntegerField(default=0)
    is_default = models.BooleanField(default=False)
    less_accurate = models.BooleanField(default=False)

    class Meta:
        ordering = ["job", "id"]
        constraints = [models.UniqueConstraint(fields=["job", "variant"], name="one_file_per_variant")]

    def __str__(self) -> str:
        return f"{self.variant} of {self.job}"

    @property
    def moved(self) -> int:
        """How many of float32's boxes are found, and not quite where float32 has them."""
        return self.near - self.same

    @property
    def lost(self) -> int:
        """How many of float32's boxes are not found."""
        return self.objects_of_float32 - self.near


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


class JobEvent(models.Model):
    """One change of state: from, to, when, by whom, why."""

    job = models.ForeignKey(TrainingJob, on_delete=models.CASCADE, related_name="events")
    old_state = models.CharField(max_length=20, blank=True)
    new_state = models.CharField(max_length=20)
    created = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=150, blank=True)
    reason_code = models.CharField("reason", max_length=40, blank=True)
    reason_params = models.JSONField("numbers and names of the reason", default=dict, blank=True)

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


class LastSweep(models.Model):
    """One row at most: when the sweep has last looked for lost work. Without a row it never has."""

    ended = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_last_sweep")]

    def __str__(self) -> str:
        return f"sweep of {self.ended:%Y-%m-%d %H:%M:%S}"


class TrainingSwitch(models.Model):
    """One row at most: whether an operator lets trainings start. Without a row they may."""

    is_on = models.BooleanField("trainings may start", default=True)
    reason = models.CharField("why not, for the teams", max_length=200, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_training_switch")]

    def __str__(self) -> str:
        return "Trainings may start" if self.is_on else "Trainings are switched off"

    @classmethod
    def now(cls) -> "TrainingSwitch":
        return cls.objects.first() or cls(pk=1)
