"""Rows of the ways in: keys that let people onto a team, and mails that a worker writes. models.py has the rest."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class JoinKey(models.Model):
    """A code that students type, or the link by which one person becomes a coach. It works while its maker may make it.

    `digest` needs SECRET_KEY to be made: a stolen database opens nothing. An invitation that waits for its mail has
    none, as its key is made when the mail is written.
    """

    team = models.ForeignKey("accounts.Team", on_delete=models.CASCADE, related_name="join_keys")
    maker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    is_invitation = models.BooleanField("makes a coach", default=False)
    email = models.EmailField("invited by mail", blank=True)
    digest = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001
    # How many people may use it, and how many have.
    most = models.PositiveIntegerField("for how many people", default=1)
    used = models.PositiveIntegerField(default=0)
    created = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-created", "-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(used__lte=models.F("most")), name="join_key_used_too_often"),
            models.CheckConstraint(
                condition=models.Q(is_invitation=False, email="") | models.Q(is_invitation=True, most=1),
                name="join_key_of_one_coach",
            ),
        ]

    def __str__(self) -> str:
        return f"{'invitation' if self.is_invitation else 'join code'} of {self.team}"

    @property
    def left(self) -> int:
        """Return how many people may still use it."""
        return self.most - self.used


class WaitingMail(models.Model):
    """A mail that a worker writes and sends. Its keys are made then, so this row opens nothing.

    It stays for an hour after it was sent: so many mails an address gets, and no more.
    """

    MOST_TRIES = 3

    class Kind(models.TextChoices):
        INVITATION = "invitation"
        NEW_PASSWORD = "new-password"  # noqa: S105
        OWN_ADDRESS = "own-address"

    kind = models.CharField(max_length=16, choices=Kind)
    email = models.EmailField()
    # The server's address, with which links begin.
    site = models.CharField(max_length=200)
    # Who is invited, and who wants this address for their own.
    key = models.ForeignKey(JoinKey, null=True, on_delete=models.CASCADE, related_name="mails")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    created = models.DateTimeField(default=timezone.now, db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try = models.DateTimeField(default=timezone.now)
    is_done = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind}, {self.created:%Y-%m-%d %H:%M}"
