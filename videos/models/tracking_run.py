"""Runs of a tracker: what a person asked to have followed, and how far that is."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from ftcml.accounts.models import Team
from ftcml.accounts.services.access import TeamQuerySet
from videos.models.frame import Track
from videos.models.source import Video


class Tracking(models.Model):
    """One run: boxes of one frame that a tracker follows from there on."""

    class State(models.TextChoices):
        RUNNING = "RUNNING"  # or waiting for a worker
        ENDED = "ENDED"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="trackings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(default=timezone.now)
    ended = models.DateTimeField(null=True, blank=True)
    # One of videos/tracking_runs/tracker_names.py.
    tracker = models.CharField(max_length=20)
    frame_number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    # Why it broke off, as a code of reasons.py; "" where its objects say how they ended.
    reason_code = models.CharField("reason", max_length=40, blank=True)
    reason_params = models.JSONField("numbers and names of the reason", default=dict, blank=True)
    # The numbers of frames that were finished, until a box came into them that nobody has confirmed yet.
    opened: "models.JSONField[list[int], list[int]]" = models.JSONField(default=list, blank=True, editable=False)
    stop_asked = models.BooleanField(default=False)
    # The last sign of life of the page that started it.
    seen = models.DateTimeField(default=timezone.now)

    # How many boxes are written, and how many there are at most.
    frames_done = models.PositiveIntegerField(default=0)
    frames_total = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    worker_seconds = models.PositiveIntegerField(default=0, editable=False)
    worked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "id"]

    def __str__(self) -> str:
        return f"{self.tracker} from {self.frame_number} of {self.video}"


class TrackedObject(models.Model):
    """One of the objects that a run follows."""

    class Ending(models.TextChoices):
        NONE = ""  # it is being followed
        LOST = "lost"
        KEYFRAME = "keyframe"  # it has come to a box that a person set
        LAST_FRAME = "last_frame"
        GONE = "gone"  # a person said that it is gone from there on
        FULL = "full"  # the next frame has as many boxes as there can be
        ASKED = "asked"
        UNATTENDED = "unattended"
        FAILED = "failed"

    tracking = models.ForeignKey(Tracking, on_delete=models.CASCADE, related_name="followed")
    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="+")
    # The number of the frame with the box that is followed: where the run began, or where a person corrected it since.
    first = models.PositiveIntegerField()
    # The last frame that is done.
    at = models.PositiveIntegerField()
    # Counted up by each correction behind `at`, by which the worker learns of it.
    corrections = models.PositiveIntegerField(default=0)
    ending = models.CharField(max_length=12, choices=Ending, default=Ending.NONE, blank=True)
    # The numbers of frames in which it wasn't found, while the tracker looked on for it.
    missing: "models.JSONField[list[int], list[int]]" = models.JSONField(default=list, blank=True)
    # What stood in the place of its boxes when the run began, to undo it: [frame, key, box or None]; see run_edits.py.
    replaced: "models.JSONField[list[list[object]], list[list[object]]]" = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["tracking", "id"]
        constraints = [models.UniqueConstraint(fields=["tracking", "track"], name="one_tracked_object_per_track")]

    def __str__(self) -> str:
        return f"{self.track} by {self.tracking}"
