"""Exports, what is being erased, and seasons that are archived."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from ftcml.accounts.models import Team
from ftcml.accounts.services.access import TeamQuerySet

_PERSON = settings.AUTH_USER_MODEL
# How long an export that isn't of a season can be downloaded.
EXPORT_KEPT = timedelta(days=1)


class Season(models.Model):
    """A season whose datasets, models and videos were put away, an export for each team."""

    class State(models.TextChoices):
        RUNNING = "RUNNING"
        DONE = "DONE"

    name = models.CharField(max_length=30, unique=True)
    created = models.DateTimeField(default=timezone.now)
    ended = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created", "-id"]

    def __str__(self) -> str:
        return self.name


class SeasonTeam(models.Model):
    """A team of a season, and whether its things are put away."""

    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="teams")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    is_done = models.BooleanField(default=False)

    class Meta:
        ordering = ["season", "id"]
        constraints = [models.UniqueConstraint(fields=["season", "team"], name="a_team_once_per_season")]

    def __str__(self) -> str:
        return f"{self.team} in {self.season}"


class Export(models.Model):
    """A zip of everything of `team`, or of the rows that name `person`; one of the two."""

    class State(models.TextChoices):
        RUNNING = "RUNNING"  # or waiting for a worker
        READY = "READY"
        STOPPED = "STOPPED"
        FAILED = "FAILED"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="exports")
    person = models.ForeignKey(_PERSON, null=True, blank=True, on_delete=models.CASCADE, related_name="exports")
    # Where it is a team's part of an archived season; it then stays.
    season = models.ForeignKey(Season, null=True, blank=True, on_delete=models.CASCADE, related_name="exports")
    asked_by = models.ForeignKey(_PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(default=timezone.now)
    ended = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    # Why it is FAILED, as a code; messages.py has the words.
    reason_code = models.CharField("reason", max_length=40, blank=True)
    things_done = models.PositiveIntegerField(default=0)
    things_total = models.PositiveIntegerField(default=0)
    bytes_done = models.PositiveBigIntegerField(default=0)
    # Who makes it holds it until then; a later time means that it is alive.
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    worker_seconds = models.PositiveIntegerField(default=0, editable=False)
    worked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(team=None) ^ Q(person=None), name="an_export_of_a_team_or_a_person"),
            models.UniqueConstraint(fields=["team"], condition=Q(state="RUNNING"), name="one_running_export_per_team"),
            models.UniqueConstraint(
                fields=["person"], condition=Q(state="RUNNING"), name="one_running_export_per_person"
            ),
        ]

    def __str__(self) -> str:
        return f"export {self.pk}"

    @property
    def stored_name(self) -> str:
        """Where its file is. Each attempt has a name of its own, so that one that was given up spoils no other."""
        return f"exports/{self.pk}-{self.attempts}.zip"

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY

    @property
    def expires(self) -> datetime | None:
        """When it is removed; None for one that is at work, or that stays."""
        return self.ended + EXPORT_KEPT if self.ended and self.season_id is None else None


class Erasure(models.Model):
    """A team or a person that is being erased, or was: by row numbers, for the names are gone afterwards."""

    class Kind(models.TextChoices):
        TEAM = "team"
        PERSON = "person"

    class State(models.TextChoices):
        RUNNING = "RUNNING"
        DONE = "DONE"

    kind = models.CharField(max_length=10, choices=Kind)
    number = models.PositiveBigIntegerField("row number")
    created = models.DateTimeField(default=timezone.now)
    ended = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    # What was counted at the start: how many rows of each kind, as services/erasing/plan.py names them.
    counts: "models.JSONField[dict[str, int], dict[str, int]]" = models.JSONField(default=dict, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "number"], condition=Q(state="RUNNING"), name="erased_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
