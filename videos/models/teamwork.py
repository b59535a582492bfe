"""How several people label one video: who is where, who labels what, and what they say about it."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from videos.models.frame import Frame
from videos.models.source import Video

_PERSON = settings.AUTH_USER_MODEL


class Presence(models.Model):
    """A person who has a video open for labeling, and the frame that they look at."""

    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="presences")
    person = models.ForeignKey(_PERSON, on_delete=models.CASCADE, related_name="+")
    frame_number = models.PositiveIntegerField()
    seen = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["video", "person"]
        constraints = [models.UniqueConstraint(fields=["video", "person"], name="one_presence_per_person")]

    def __str__(self) -> str:
        return f"{self.person} in {self.video}"


class Assignment(models.Model):
    """Frames that one member is to label: from the number `first` to `last`."""

    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="assignments")
    person = models.ForeignKey(_PERSON, on_delete=models.CASCADE, related_name="+")
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    created = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(_PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["video", "first", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(first__lte=models.F("last")), name="an_assignment_has_a_frame")
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.first} to {self.last} of {self.video}"


class Comment(models.Model):
    """What a person says about a frame, or about one of its boxes."""

    frame = models.ForeignKey(Frame, on_delete=models.CASCADE, related_name="comments")
    # The key of a box, None for the frame. A box that is gone leaves the comment.
    box_key = models.UUIDField(null=True, blank=True)
    person = models.ForeignKey(_PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.CharField(max_length=500)
    at = models.DateTimeField(default=timezone.now)
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["frame", "at", "id"]

    def __str__(self) -> str:
        return f"{self.person} on {self.frame}"


class KeyBindings(models.Model):
    """The keys of the label page that a person has changed, by the name of the command."""

    person = models.OneToOneField(_PERSON, on_delete=models.CASCADE, related_name="+")
    bindings: "models.JSONField[dict[str, str], dict[str, str]]" = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = "key binding"
        verbose_name_plural = "key bindings"

    def __str__(self) -> str:
        return str(self.person)
