"""Videos and the labels of a team. Pictures lie below `Video.prefix`, or where a dataset keeps them."""

import uuid

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone

from ftcml.accounts.models import Team
from ftcml.accounts.services.access import TeamQuerySet
from ftcml.accounts.services.deletable import Deletable
from ftcml.core.files import storage
from ftcml.core.reasons import Reason
from videos import messages


class Label(models.Model):
    """A label of a team: boxes choose it, so that its name is typed once."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="labels")
    name = models.CharField(max_length=100)
    # Place in the palette of box colors (static/css/palette.css has what it looks like).
    color = models.PositiveSmallIntegerField(default=0)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["team", "name"], name="one_label_per_name")]

    def __str__(self) -> str:
        return self.name


class Video(Deletable):
    """A source of frames: a video, a recording of a camera, pictures, or an archive of labeled pictures."""

    class Kind(models.TextChoices):
        VIDEO = "video"
        RECORDING = "recording"
        PICTURES = "pictures"
        ARCHIVE = "archive"
        # The frames of a dataset, to fix its labels: nothing is uploaded.
        DATASET = "dataset"
        # Drawn by the server itself.
        SAMPLE = "sample"

    class State(models.TextChoices):
        UPLOADING = "UPLOADING"
        EXTRACTING = "EXTRACTING"
        READY = "READY"
        FAILED = "FAILED"

    class Extraction(models.TextChoices):
        """Which frames of a video are taken."""

        DIFFERING = "differing"  # about `frames_wanted` of them, those that differ most
        EVERY_NTH = "every_nth"  # one in `every_nth`; 1 for all of them

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="videos")
    created = models.DateTimeField("date uploaded", default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    description = models.CharField(max_length=30)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.VIDEO)
    # Of one file its name, as people chose it; "" for several.
    filename = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.UPLOADING)
    # Why it is FAILED, as a code of reasons.py with its numbers and names; messages/ has the words.
    reason_code = models.CharField("reason", max_length=40, blank=True)
    reason_params = models.JSONField("numbers and names of the reason", default=dict, blank=True)
    # Skipped or repaired files of pictures and archives, as an import's (datasets/repairs.py).
    repairs = models.JSONField(default=list, blank=True, editable=False)

    extraction = models.CharField(max_length=10, choices=Extraction, default=Extraction.DIFFERING)
    every_nth = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1)])
    frames_wanted = models.PositiveSmallIntegerField(default=200)
    # Of an archive that is taken in as frames: a format's key, "" to find out.
    archive_format = models.CharField(max_length=10, blank=True)
    # How many files are uploaded for it: one, or each of the pictures.
    files_expected = models.PositiveSmallIntegerField(default=1, db_default=1)

    # As the video is shown, and as its frames were decoded; 0 until that is known. 0 for pictures of several sizes.
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    seconds = models.FloatField("duration in seconds", default=0)
    frames_per_second = models.FloatField(default=0)
    file_bytes = models.PositiveBigIntegerField("size of what was uploaded", default=0)
    picture_bytes = models.PositiveBigIntegerField("size of the frames that it holds", default=0)
    frames_in_video = models.PositiveIntegerField(default=0)
    # Counted up by every change of its frames, so that pages ask only for what changed.
    changes = models.PositiveBigIntegerField(default=0, editable=False)
    # Progress while EXTRACTING, and what came out of it once READY. `frames_total`: 0 while nobody knows.
    frames_done = models.PositiveIntegerField(default=0)
    frames_total = models.PositiveIntegerField(default=0)

    # Who extracts its frames holds it until then; a later time means that it is alive.
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    # How long workers were at it, and when the last one was: by that teams take turns.
    worker_seconds = models.PositiveIntegerField(default=0, editable=False)
    worked_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created", "id"]

    def __str__(self) -> str:
        return self.description

    @property
    def error(self) -> str:
        """Why it is FAILED, in words; "" where it is not."""
        return messages.words(Reason(self.reason_code, self.reason_params))

    @property
    def prefix(self) -> str:
        return storage.team_prefix(self.team_id, "videos", self.id)

    @property
    def uploads_prefix(self) -> str:
        """The folder of the uploaded files, which wait there until their frames are taken."""
        return f"{self.prefix}/uploads"

    @property
    def frames_prefix(self) -> str:
        """The folder of the pictures that this video holds."""
        return f"{self.prefix}/frames"

    def picture_name(self, number: int) -> str:
        """Where the picture of the frame of that number is stored (JPEG), if this video holds it."""
        return f"{self.frames_prefix}/{number:06d}.jpg"
