"""A dataset and its frames. The files themselves lie in the storage, below `Dataset.prefix`."""

import uuid
from typing import TypedDict

from django.conf import settings
from django.db import models
from django.utils import timezone

from datasets import messages
from datasets.reasons import Reason
from datasets.repairs import Entry
from datasets.split import Split
from ftcml.accounts.models import Team
from ftcml.accounts.services.deletable import Deletable
from ftcml.core.files import storage


class SplitCounts(TypedDict):
    """What `Dataset.counts` says of one split. `label_counts`: label -> the number of its boxes."""

    frames: int
    negative_frames: int
    label_counts: dict[str, int]


class FrameBox(TypedDict):
    """One entry of `Frame.boxes`. `box`: [ymin, xmin, ymax, xmax], fractions of the height and width."""

    label: str
    box: list[float]


class Dataset(Deletable):
    class State(models.TextChoices):
        PRODUCING = "PRODUCING"
        READY = "READY"
        FAILED = "FAILED"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="datasets")
    created = models.DateTimeField("date produced", default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    description = models.CharField(max_length=30)
    eval_percent = models.PositiveSmallIntegerField(default=20)
    # A key of formats/catalog.py: what the person said the archive is, "" to find out; once READY, what it was.
    archive_format = models.CharField(max_length=10, blank=True)
    # Whether a split that the archive has itself is to be kept, and once READY, whether it was.
    keeps_split = models.BooleanField(default=True)
    split_seed = models.PositiveIntegerField(default=0)
    # Whether labels that differ only in capitals become one.
    merges_labels = models.BooleanField(default=False, db_default=False)
    state = models.CharField(max_length=12, choices=State, default=State.PRODUCING)
    # Why it is FAILED, as a code of reasons.py with its numbers and names; messages/ has the words.
    reason_code = models.CharField("reason", max_length=40, blank=True)
    reason_params = models.JSONField("numbers and names of the reason", default=dict, blank=True)
    # FAILED because files were lost (services/lost_files.py): what is left of them stays, for the others may come back.
    files_lost = models.BooleanField(default=False, editable=False)
    # What was skipped or repaired during the import: datasets/repairs.py.
    repairs: "models.JSONField[list[Entry], list[Entry]]" = models.JSONField(default=list, blank=True)
    # Sorted; the id of a label in label.pbtxt is its place here, counted from 1.
    labels: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list, blank=True)
    # By the value of the split; empty until the dataset is READY.
    counts: "models.JSONField[dict[str, SplitCounts], dict[str, SplitCounts]]" = models.JSONField(
        default=dict, blank=True
    )
    frames_done = models.PositiveIntegerField(default=0)
    frames_total = models.PositiveIntegerField(default=0)
    # The import that works on this row holds it until then; a later time means that it is alive.
    import_lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    import_attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    # How long workers were at it, and when the last one was: by that teams take turns.
    import_seconds = models.PositiveIntegerField(default=0, editable=False)
    import_worked_at = models.DateTimeField(null=True, blank=True, editable=False)
    # What inspection/findings.py found, and by which version of its rules; 0 for a dataset that it has not looked at.
    inspection = models.JSONField(default=dict, blank=True, editable=False)
    inspection_version = models.PositiveSmallIntegerField(default=0, editable=False)
    # Whoever looks at a dataset imported before that holds it until then; a later time means that it is alive.
    inspection_lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    # What people want changed, as datasets/edits has it: of a READY dataset what isn't saved yet, and of one that is
    # PRODUCING what becomes of the frames of `edited_from`. A READY copy keeps what it was made with (Edits.made) until
    # it is settled (services/editing.py).
    edits = models.JSONField(default=dict, blank=True, editable=False)
    edited_from: "models.ForeignKey[Dataset | None, Dataset | None]" = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    # Whether its frames are the rendered ones of sample/sample_dataset.py, so that no archive was uploaded.
    is_sample = models.BooleanField(default=False, db_default=False, editable=False)
    # Whether people changed it after the import, so that the choices of the import no longer say how it is.
    is_edited = models.BooleanField(default=False, db_default=False, editable=False)

    # How its frames come from videos (datasets/production), {} where they do not.
    production = models.JSONField(default=dict, blank=True, editable=False)
    # A dataset that is produced again after corrections has the next version of the one before.
    version = models.PositiveSmallIntegerField(default=1, db_default=1, editable=False)
    previous = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="later_versions", editable=False
    )

    class Meta:
        ordering = ["-created", "id"]

    def __str__(self) -> str:
        return self.description if self.version == 1 else f"{self.description} v{self.version}"

    @property
    def error(self) -> str:
        """Why it is FAILED, in words; "" where it is not."""
        return messages.words(Reason(self.reason_code, self.reason_params))

    @property
    def prefix(self) -> str:
        return storage.team_prefix(self.team_id, "datasets", self.id)

    @property
    def archive_name(self) -> str:
        """Where the uploaded archive waits for its import; removed when the import ends."""
        return f"{self.prefix}/upload.zip"

    @property
    def has_archive(self) -> bool:
        """Whether it is made from an archive, rather than drawn or made from another dataset or from videos."""
        return not (self.is_sample or self.edits or self.production)

    @property
    def label_map_name(self) -> str:
        return f"{self.prefix}/label.pbtxt"

    def shown_frames(self) -> "models.QuerySet[Frame]":
        """The frames that people may see: an import that is at work writes its own before they are all there."""
        return self.frames.none() if self.state == self.State.PRODUCING else self.frames.all()

    def picture_name(self, split: str, number: int) -> str:
        """Where the picture of that frame of a split is stored (JPEG)."""
        return f"{self.prefix}/frames/{split}-{number:06d}.jpg"


class Shard(models.Model):
    """One TFRecord file of at most 50 frames."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="shards")
    split = models.CharField(max_length=10, choices=Split)
    number = models.PositiveIntegerField()
    frames = models.PositiveIntegerField()
    name = models.CharField("storage name", max_length=300)

    class Meta:
        ordering = ["dataset", "split", "number"]
        constraints = [models.UniqueConstraint(fields=["dataset", "split", "number"], name="one_shard_per_number")]

    def __str__(self) -> str:
        return self.name


class Frame(models.Model):
    """One picture as it went into the shards."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="frames")
    split = models.CharField(max_length=10, choices=Split)
    # The place of the frame among those of its split, over all shards: shards hold them in this order.
    number = models.PositiveIntegerField()
    filename = models.CharField(max_length=300)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    boxes: "models.JSONField[list[FrameBox], list[FrameBox]]" = models.JSONField(default=list)
    # How the picture looks, see pictures/near_duplicates.py; "" for a frame that was not looked at yet.
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    # For filters: which labels its boxes have, and which of them in a box too small to learn (inspection/findings.py).
    label_numbers = models.TextField(blank=True, editable=False)
    small_label_numbers = models.TextField(blank=True, editable=False)
    # Where its picture is stored, if not below the dataset's prefix: a video keeps it.
    stored_as = models.CharField(max_length=300, blank=True, default="", db_default="", editable=False)
    # The video's frame that it was made of, or that its labels are fixed in.
    source = models.ForeignKey(
        "videos.Frame", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )

    class Meta:
        ordering = ["dataset", "split", "number"]
        constraints = [models.UniqueConstraint(fields=["dataset", "split", "number"], name="one_frame_per_number")]

    def __str__(self) -> str:
        return self.filename

    @property
    def picture_name(self) -> str:
        """Where the picture itself is stored (JPEG)."""
        return self.stored_as or self.dataset.picture_name(self.split, self.number)


class DatasetVideo(models.Model):
    """A video whose frames went into a dataset. It keeps the video from being deleted."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="dataset_videos")
    video = models.ForeignKey("videos.Video", on_delete=models.PROTECT, related_name="dataset_videos")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dataset", "video"], name="one_row_per_video_of_a_dataset")]

    def __str__(self) -> str:
        return f"{self.video} in {self.dataset}"

    @property
    def holder(self) -> str:
        """What keeps the video from being deleted, for the dialog."""
        return f"{self.dataset} (in the trash)" if self.dataset.trashed_at else str(self.dataset)


class FixedLabels(models.Model):
    """The video in which a dataset's labels are fixed: its frames show the dataset's pictures, which it protects."""

    dataset = models.OneToOneField(Dataset, on_delete=models.PROTECT, related_name="fixed_labels")
    video = models.OneToOneField("videos.Video", on_delete=models.CASCADE, related_name="fixed_labels")

    class Meta:
        verbose_name = "label fix"
        verbose_name_plural = "label fixes"

    def __str__(self) -> str:
        return f"{self.video} for {self.dataset}"

    @property
    def holder(self) -> str:
        """What keeps the dataset from being deleted, for the dialog."""
        return f"{self.video} (in the trash)" if self.video.trashed_at else str(self.video)
