"""Frames, and the boxes of objects in them."""

from django.db import models
from django.db.models import F, Q

from videos.models.source import Label, Video


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
