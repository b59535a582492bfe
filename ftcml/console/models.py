"""What the console alone keeps: the maintenance page, the storage that teams use, and the log of operators' actions."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

from ftcml.accounts.models import Team
from ftcml.core import clock, lease


class MaintenancePage(models.Model):
    """One row at most, which every page reads: the maintenance page, for everyone but operators, and the banner.

    Without a row no one sees either.
    """

    is_on = models.BooleanField("shown", default=False)
    sentence = models.CharField("for the teams", max_length=200, blank=True)
    # On top of all pages until it ends. Each new one has a new number, so that who hid the last one sees it.
    banner = models.CharField(max_length=200, blank=True, default="", db_default="")
    banner_ends = models.DateTimeField(null=True, blank=True)
    banner_number = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_maintenance_page")]

    def __str__(self) -> str:
        return "The maintenance page is on" if self.is_on else "The maintenance page is off"

    @classmethod
    def now(cls) -> "MaintenancePage":
        return cls.objects.first() or cls(pk=1)

    @property
    def shows_banner(self) -> bool:
        """Return whether the banner hasn't ended, by this machine's clock: a page needn't ask the database for that."""
        return bool(self.banner and self.banner_ends and self.banner_ends > timezone.now())


class StorageUse(models.Model):
    """The bytes that a team's files took when they were measured last."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="storage_use")
    video_bytes = models.BigIntegerField(default=0, db_default=0)
    dataset_bytes = models.BigIntegerField(default=0)
    job_bytes = models.BigIntegerField(default=0)
    # What is in the trash; it is in none of the others.
    trash_bytes = models.BigIntegerField(default=0, db_default=0)
    measured = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["team"]

    def __str__(self) -> str:
        return f"{self.team}: {self.total_bytes} bytes"

    @property
    def total_bytes(self) -> int:
        return self.video_bytes + self.dataset_bytes + self.job_bytes + self.trash_bytes


class StorageMeasurement(models.Model):
    """One row at most: when an operator asked for a measurement of all teams' files, when one was finished, and until
    when one counts as at work."""

    # Longer than the files of one team take; one whose process was killed keeps the next from beginning for no more.
    AT_MOST = timedelta(hours=1)

    asked = models.DateTimeField(null=True, blank=True)
    finished = models.DateTimeField(null=True, blank=True)
    busy_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_storage_measurement")]

    def __str__(self) -> str:
        return f"measured {self.finished}"

    @classmethod
    def now(cls) -> "StorageMeasurement":
        return cls.objects.first() or cls(pk=1)

    @property
    def is_at_work(self) -> bool:
        return StorageMeasurement.objects.filter(self.busy(), pk=self.pk).exists()

    @classmethod
    def busy(cls) -> models.Q:
        """The row while one is at work."""
        return lease.in_force("busy_until", clock.now(), cls.AT_MOST)

    @property
    def is_expected(self) -> bool:
        """Whether one is at work, or was asked for and has not been finished since."""
        waits = self.asked is not None and (self.finished is None or self.finished < self.asked)
        return waits or self.is_at_work


class OperatorAction(models.Model):
    """One thing that an operator did in the console: who, when, what, on what, and the numbers.

    Never changed afterwards. The names are copies, for they must outlive what they name.
    """

    class Kind(models.TextChoices):
        STOP = "stop", "Stopped a training"
        RETRY = "retry", "Tried a training again"
        GRANT = "grant", "Granted minutes"
        RESET = "reset", "Reset minutes"
        TRAINING_OFF = "training-off", "Switched training off"
        TRAINING_ON = "training-on", "Switched training on"
        MAINTENANCE_ON = "maintenance-on", "Put the maintenance page up"
        MAINTENANCE_OFF = "maintenance-off", "Took the maintenance page down"
        MEASURE = "measure", "Measured storage"
        EMPTY_TRASH = "empty-trash", "Emptied the trash"
        DRAIN = "drain", "Drained a worker"
        UNDRAIN = "undrain", "Had a worker take trainings again"
        TEAM_CREATE = "team-create", "Created a team"
        TEAM_RENAME = "team-rename", "Renamed a team"
        TEAM_INVITE = "team-invite", "Invited a coach"
        TEAM_LIMITS = "team-limits", "Set a team's limits"
        BANNER_ON = "banner-on", "Showed a banner"
        BANNER_OFF = "banner-off", "Hid the banner"
        EXPORT_PERSON = "export-person", "Asked for a person's data"
        ERASE_TEAM = "erase-team", "Erased a team"
        ERASE_PERSON = "erase-person", "Erased a person"
        SEASON = "season", "Archived a season"

    created = models.DateTimeField(default=timezone.now)
    operator = models.CharField(max_length=150)
    kind = models.CharField("what", max_length=20, choices=Kind)
    subject = models.CharField("on what", max_length=200)
    details = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.operator}: {self.get_kind_display()}, {self.subject}"
