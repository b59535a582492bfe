"""The access log: one row for each thing that somebody did or looked at."""

from django.conf import settings
from django.db import models
from django.utils import timezone

_PERSON = settings.AUTH_USER_MODEL


class AccessEntry(models.Model):
    """One thing that was done: when, by whom, for which team, to what. Never changed, save that names go with people.

    Names of people are links alone, so that a person who is erased is gone here too.
    """

    class Kind(models.TextChoices):
        SIGN_IN = "sign-in", "Signed in"
        PASSWORD = "password", "Changed a password"
        TOKEN_MADE = "token-made", "Made an API token"
        TOKEN_REVOKED = "token-revoked", "Revoked an API token"
        ADDED = "added", "Added to the team"
        ROLE = "role", "Changed a role"
        REMOVED = "removed", "Removed from the team"
        DOWNLOADED = "downloaded", "Downloaded"
        TRASHED = "trashed", "Moved to the trash"
        RESTORED = "restored", "Restored from the trash"
        DELETED = "deleted", "Deleted for good"
        CONSOLE = "console", "Looked in the console"
        ADMIN = "admin", "Opened in Admin"
        ADMIN_CHANGE = "admin-change", "Changed in Admin"
        EXPORT_MADE = "export-made", "Asked for an export"
        EXPORT_DOWNLOADED = "export-downloaded", "Downloaded an export"

    class Thing(models.TextChoices):
        NONE = "", ""
        VIDEO = "video", "video"
        DATASET = "dataset", "dataset"
        MODEL = "model", "model"
        LABELS = "labels", "labels"

    at = models.DateTimeField(default=timezone.now, db_index=True)
    kind = models.CharField("what", max_length=20, choices=Kind)
    # Whose log it is in; None for what concerns no team.
    team = models.ForeignKey("accounts.Team", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    # Who did it; None for the server itself, and for a person who is gone.
    person = models.ForeignKey(_PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by_server = models.BooleanField(default=False)
    # To whom, where it was a person.
    other = models.ForeignKey(_PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    thing = models.CharField(max_length=10, choices=Thing, default=Thing.NONE, blank=True)
    # The name of a thing, a token or a role, as it was then. Erasing a team or a person empties it.
    subject = models.CharField("on what", max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "access entries"
        indexes = [models.Index(fields=["team", "-id"], name="access_of_a_team")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
