"""Frames, and the boxes of objects in them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from videos.models.source import Label, Video


class Frame(models.Model):
    """One picture to label. Its place among the video's frames is `number`, counted from 0."""

    class Review(models.TextChoices):
        NONE = ""
        REVIEWED = "reviewed"
        SENT_BACK = "sent_back"

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
    # Which of the video's changes was the last here: by that a page asks for what is newer than what it has.
    changed = models.PositiveBigIntegerField(default=0, editable=False)
    # Whether a second person has looked at the finished frame. Every change of its boxes takes that back.
    review = models.CharField(max_length=10, choices=Review, default=Review.NONE, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["video", "number"]
        constraints = [models.UniqueConstraint(fields=["video", "number"], name="one_video_frame_per_number")]

    def __str__(self) -> str:
        return f"{self.video} {self.number}"


class Track(models.Model):
    """One object through several frames: its boxes carry it. A page makes its key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="tracks")
    # The numbers of frames from which on the object is gone, each until its next box that a person set.
    gone_from: "models.JSONField[list[int], list[int]]" = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["video", "id"]

    def __str__(self) -> str:
        return f"{self.id} in {self.video}"


class Box(models.Model):
    """One object in a frame: a label and the corners of a box, in pixels of the frame from its top left."""

    class Origin(models.TextChoices):
        DRAWN = "drawn"
        TRACKED = "tracked"
        INTERPOLATED = "interpolated"
        PROPOSED = "proposed"
        IMPORTED = "imported"

    frame = models.ForeignKey(Frame, on_delete=models.CASCADE, related_name="boxes")
    # The same box through all its changes. A page makes it, so that a save that is sent twice makes one box.
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    label = models.ForeignKey(Label, on_delete=models.PROTECT, related_name="boxes")
    track = models.ForeignKey(Track, null=True, blank=True, on_delete=models.SET_NULL, related_name="boxes")
    # Imported boxes keep their fractions of a pixel, so that a dataset made of them again is the same.
    # Their columns have other names: PostgreSQL has xmin and xmax in every table.
    xmin = models.FloatField(db_column="x_min")
    ymin = models.FloatField(db_column="y_min")
    xmax = models.FloatField(db_column="x_max")
    ymax = models.FloatField(db_column="y_max")
    origin = models.CharField(max_length=12, choices=Origin, default=Origin.DRAWN)
    # Whether a person has looked at it, where no person drew it.
    confirmed = models.BooleanField(default=True)
    # Who drew it, or changed it last.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # How sure a model or a tracker was, from 0 to 1; None where a person drew it.
    score = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ["frame", "id"]
        verbose_name_plural = "boxes"
        constraints = [
            models.CheckConstraint(condition=Q(xmin__lt=F("xmax"), ymin__lt=F("ymax")), name="a_box_has_an_area"),
            models.UniqueConstraint(fields=["frame", "key"], name="one_box_per_key_of_a_frame"),
        ]

    def __str__(self) -> str:
        return f"{self.label} in {self.frame}"
