"""Files on their way, and what lets a phone send them."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from ftcml.accounts.models import Team
from ftcml.accounts.services.access import TeamQuerySet
from videos.models.source import Video


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

    @property
    def stored_name(self) -> str:
        """Where the file waits until its frames are taken; removed after that."""
        return f"{self.video.uploads_prefix}/{self.pk}"
