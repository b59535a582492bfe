"""The installation's identity, files that no row knows, what is still to be removed, and alarms for operators."""

import uuid

from django.db import models
from django.utils import timezone


class Installation(models.Model):
    """One row at most: the identity of this installation, which its storage has too."""

    identity = models.UUIDField(default=uuid.uuid4)
    # Whether it was written into the storage. From then on a storage without it is another one.
    is_stored = models.BooleanField(default=False)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_installation")]

    def __str__(self) -> str:
        return str(self.identity)


class UnknownFile(models.Model):
    """A file or folder without a row. It is removed after it has been unknown for long enough (quarantine.py)."""

    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=300)
    size = models.BigIntegerField("size in bytes", default=0)
    first_seen = models.DateTimeField()

    class Meta:
        ordering = ["first_seen", "name"]
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="unknown_once")]

    def __str__(self) -> str:
        return self.name


class Removal(models.Model):
    """A folder in the storage to remove, for its row was deleted. Only removals.py writes it."""

    name = models.CharField(max_length=300, unique=True)
    # Until when a worker has it that removes it.
    lease_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Alarm(models.Model):
    """A problem that only a person can solve. The console and /readyz show it until then."""

    kind = models.CharField(max_length=20, unique=True)
    sentence = models.TextField()
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["since", "kind"]

    def __str__(self) -> str:
        return self.sentence
