"""Videos, their frames, boxes and labels. Pictures lie below `Video.prefix`, or where a dataset keeps them."""

import uuid
from typing import Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from ftcml.accounts.models import Team
from ftcml.accounts.services.access import TeamQuerySet
from ftcml.accounts.services.deletable import Deletable
from ftcml.core.files import storage
from ftcml.core.reasons import Reason
from videos import messages
from videos.messages import activity_words


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

    def upload_name(self, upload: "Upload") -> str:
        """Where an uploaded file waits until its frames are taken; removed after that."""
        return f"{self.uploads_prefix}/{upload.pk}"

    def picture_name(self, number: int) -> str:
        """Where the picture of the frame of that number is stored (JPEG), if this video holds it."""
        return f"{self.frames_prefix}/{number:06d}.jpg"

    def shown_frames(self) -> "models.QuerySet[Frame]":
        """The frames that people may see. Those of a video appear while others are still being taken."""
        return self.frames.all()


class Frame(models.Model):
    """One picture to label. Its place among the video's frames is `number`, counted from 0."""

    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="frames")
    number = models.PositiveIntegerField()
    # Its place among all the frames that the video has, and its time; None for pictures.
    number_in_video = models.PositiveIntegerField(null=True, blank=True)
    seconds = models.FloatField("time in the video", null=True, blank=True)
    filename = models.CharField(max_length=300, blank=True)
    # Where the picture is stored: below the video's prefix, or where a dataset keeps it, which is then protected.
    picture_name = models.CharField("storage name", max_length=300)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    # How the picture looks, see ftcml/core/pictures/near_duplicates.py.
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    # The number of the earlier frame that this one hardly differs from.
    near_duplicate_of = models.PositiveIntegerField(null=True, blank=True)
    ignored = models.BooleanField(default=False)
    # Whether it was ignored together with all near-duplicates, and not by hand.
    ignored_as_near_duplicate = models.BooleanField(default=False, editable=False)
    # Whether a person, or the archive it came from, says that all its boxes are there, each of them confirmed.
    # Without boxes: nothing here.
    finished = models.BooleanField(default=False)
    # Counted up by every change of its boxes, so that two people never overwrite each other unseen.
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["video", "number"]
        constraints = [models.UniqueConstraint(fields=["video", "number"], name="one_video_frame_per_number")]

    def __str__(self) -> str:
        return f"{self.video} {self.number}"


class Box(models.Model):
    """One object in a frame: a label and the corners of a box, in pixels of the frame from its top left."""

    class Origin(models.TextChoices):
        DRAWN = "drawn"
        TRACKED = "tracked"
        INTERPOLATED = "interpolated"
        PROPOSED = "proposed"
        IMPORTED = "imported"

    frame = models.ForeignKey(Frame, on_delete=models.CASCADE, related_name="boxes")
    label = models.ForeignKey(Label, on_delete=models.PROTECT, related_name="boxes")
    # Imported boxes keep their fractions of a pixel, so that a dataset made of them again is the same.
    # Their columns have other names: PostgreSQL has xmin and xmax in every table.
    xmin = models.FloatField(db_column="x_min")
    ymin = models.FloatField(db_column="y_min")
    xmax = models.FloatField(db_column="x_max")
    ymax = models.FloatField(db_column="y_max")
    origin = models.CharField(max_length=12, choices=Origin, default=Origin.DRAWN)
    # Whether a person has looked at it, where no person drew it.
    confirmed = models.BooleanField(default=True)

    class Meta:
        ordering = ["frame", "id"]
        verbose_name_plural = "boxes"
        constraints = [
            models.CheckConstraint(condition=Q(xmin__lt=F("xmax"), ymin__lt=F("ymax")), name="a_box_has_an_area")
        ]

    def __str__(self) -> str:
        return f"{self.label} in {self.frame}"


class PhoneTicket(models.Model):
    """Lets a phone upload for one person without signing in on it. Only the digest of its key is stored."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created = models.DateTimeField(default=timezone.now, editable=False)
    expires = models.DateTimeField(db_index=True, editable=False)

    objects = TeamQuerySet.as_manager()

    def __str__(self) -> str:
        return f"phone ticket of {self.person}, {self.created:%Y-%m-%d %H:%M}"


class UploadQuerySet(TeamQuerySet["Upload"]):
    def for_team(self, team: Team) -> Self:
        return self.filter(video__team=team).select_related("video")

    def not_refused(self) -> Self:
        return self.filter(reason_code="")

    def on_the_way(self) -> Self:
        """Return the files of which bytes may still come."""
        return self.not_refused().filter(completed=None)


class Upload(models.Model):
    """One file on its way, by the tus protocol. The bytes that came lie in the upload folder of the web server."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="uploads")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    ticket = models.ForeignKey(PhoneTicket, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    filename = models.CharField(max_length=300)
    # None while nobody knows: a recording that still runs.
    size = models.PositiveBigIntegerField(null=True)
    # Of all its bytes, in hexadecimal, where the sender has said it.
    sha256 = models.CharField(max_length=64, blank=True, default="", db_default="")
    # As the row knows it; the file itself may have a little more (services/uploads.py).
    offset = models.PositiveBigIntegerField(default=0)
    created = models.DateTimeField(default=timezone.now, editable=False)
    touched = models.DateTimeField(default=timezone.now, editable=False)
    # When the last byte had come and the file was stored.
    completed = models.DateTimeField(null=True, blank=True)
    # Why it was refused, where its video is made of the other files. Its row stays, so that it's refused once.
    reason_code = models.CharField(max_length=40, blank=True, default="", db_default="")
    reason_params = models.JSONField(default=dict, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["video", "created", "id"]

    def __str__(self) -> str:
        return self.filename


class Activity(models.Model):
    """Who did what with a video, when. messages/ has the words for `action`."""

    class Action(models.TextChoices):
        UPLOADED = "uploaded"
        EXTRACTED = "extracted"
        RENAMED = "renamed"
        LABELED = "labeled"  # frames
        IGNORED = "ignored"  # frames
        PRODUCED = "produced"  # dataset
        TRASHED = "trashed"
        RESTORED = "restored"

    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="activities")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    action = models.CharField(max_length=12, choices=Action)
    params = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name_plural = "activities"

    def __str__(self) -> str:
        return f"{self.action} {self.video}, {self.at:%Y-%m-%d %H:%M}"

    @property
    def words(self) -> str:
        """What was done."""
        return activity_words.words(self.action, self.params)
