"""Who did what with a video, when."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from videos.messages import activity_words
from videos.models.source import Video


class Activity(models.Model):
    """Who did what with a video, when. messages/ has the words for `action`."""

    class Action(models.TextChoices):
        UPLOADED = "uploaded"
        EXTRACTED = "extracted"
        RENAMED = "renamed"
        LABELED = "labeled"  # frames
        IGNORED = "ignored"  # frames
        REVIEWED = "reviewed"  # frames
        SENT_BACK = "sent_back"  # frames
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
