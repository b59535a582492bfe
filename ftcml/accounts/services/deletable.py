"""What people can delete into their team's trash and get back for some days: the columns, and who sees which rows."""

from typing import TypeVar, cast

from django.db import models

from ftcml.accounts.services.access import TeamQuerySet

Row = TypeVar("Row", bound=models.Model)
_TeamManager = models.Manager.from_queryset(TeamQuerySet)


class Kept(_TeamManager[Row]):
    def get_queryset(self) -> TeamQuerySet[Row]:
        return cast(TeamQuerySet[Row], super().get_queryset()).filter(deleted=None)


class InUse(Kept[Row]):
    def get_queryset(self) -> TeamQuerySet[Row]:
        return super().get_queryset().filter(trashed_at=None)


class Deletable(models.Model):
    """A row of a team. Its app's services/trash.py moves it, and services/removal.py removes its rows."""

    # When a person deleted it. From then on it is in the team's trash.
    trashed_at = models.DateTimeField("moved to the trash", null=True, blank=True, editable=False)
    # When it left the trash for good. From then on its rows are removed.
    deleted = models.DateTimeField(null=True, blank=True, editable=False)

    # What people see; that and what is in the trash; and what is being removed as well.
    objects = InUse()
    kept = Kept()
    everything = TeamQuerySet.as_manager()

    class Meta:
        abstract = True
