import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models, transaction
from django.utils import timezone

from ftcml.accounts.limits import TeamLimits as TeamLimits
from ftcml.accounts.ways_in import JoinKey as JoinKey
from ftcml.accounts.ways_in import WaitingMail as WaitingMail
from ftcml.core import clock


class Team(models.Model):
    class Program(models.TextChoices):
        FTC = "FTC", "FIRST Tech Challenge"
        FRC = "FRC", "FIRST Robotics Competition"

    program = models.CharField(max_length=8, choices=Program, default=Program.FTC)
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=100, blank=True)
    # Whether members upload videos as well, or coaches alone.
    members_upload = models.BooleanField("members may upload videos", default=True, db_default=True)

    class Meta:
        ordering = ["program", "number"]
        constraints = [models.UniqueConstraint(fields=["program", "number"], name="one_team_per_number")]

    def __str__(self) -> str:
        return f"Team {self.number}"

    @property
    def full_number(self) -> str:
        """The number with its program: two programs may have a team of the same number."""
        return f"{self.program} {self.number}"

    def is_coached_by(self, user: "User") -> bool:
        return self.memberships.filter(user=user, role=Membership.Role.COACH).exists()

    def lets_upload(self, user: "User") -> bool:
        """Return whether this person may upload videos for the team."""
        memberships = self.memberships.filter(user=user)
        return (memberships if self.members_upload else memberships.filter(role=Membership.Role.COACH)).exists()


class User(AbstractUser):
    """A person. `active_team` is the team whose data the pages show; the person changes it in the header."""

    active_team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save. A new password ends every token and slip of the old one, whoever sets it. Django ends the sessions."""
        if self._password is None or self.pk is None:
            super().save(*args, **kwargs)
            return
        with transaction.atomic():
            super().save(*args, **kwargs)
            ApiToken.objects.filter(membership__user=self).delete()
            PasswordSlip.objects.filter(membership__user=self).delete()

    def set_unusable_password(self) -> None:
        """To take a password away is to change it."""
        super().set_unusable_password()
        self._password = ""

    def teams(self) -> models.QuerySet[Team]:
        return Team.objects.filter(memberships__user=self)

    @property
    def may_sign_in(self) -> bool:
        """Whether the account is in use, and not closed as the demo accounts are while a room is served."""
        return self.is_active and self.username not in settings.CLOSED_ACCOUNTS

    @property
    def is_operator(self) -> bool:
        """Whether this person runs the server and may use the console; in a team or in none."""
        return self.is_active and (self.is_staff or self.is_superuser)


class Membership(models.Model):
    class Role(models.TextChoices):
        COACH = "coach", "Coach"
        MEMBER = "member", "Member"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role, default=Role.MEMBER)
    # Whether the person's provider says so: then it ends when the provider doesn't any more.
    from_claims = models.BooleanField("from the sign-in provider", default=False, db_default=False, editable=False)

    class Meta:
        ordering = ["team", "user"]
        constraints = [models.UniqueConstraint(fields=["user", "team"], name="one_membership_per_team")]

    def __str__(self) -> str:
        return f"{self.user} in {self.team} as {self.role}"


def end_of_token() -> datetime:
    """When a token ends that is made or used now."""
    return clock.now() + timedelta(days=settings.TOKEN_DAYS)


class Scope(models.TextChoices):
    """What a program may do with its token, never more than its person may. Every token may read."""

    READ = "read", "Read"
    LABEL = "label", "Label"
    TRAIN = "train", "Train"
    ADMIN = "admin", "Administer"


class ApiToken(models.Model):
    """A program's key to one membership. Only the digest is stored: a stolen database opens nothing."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100, blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    # With spaces between them. Tokens of before there were scopes have all.
    scope_names = models.CharField(
        "scopes", max_length=60, default=" ".join(Scope), db_default=" ".join(Scope), editable=False
    )
    created = models.DateTimeField(default=timezone.now, editable=False)
    last_used = models.DateTimeField(null=True, editable=False)
    expires = models.DateTimeField(default=end_of_token, editable=False, db_index=True)

    class Meta:
        verbose_name = "API token"
        ordering = ["-created", "-pk"]

    def __str__(self) -> str:
        return f"token of {self.membership}, {self.created:%Y-%m-%d}"

    @property
    def scopes(self) -> list[Scope]:
        return [scope for scope in Scope if scope in self.scope_names.split()]

    @staticmethod
    def digest_of(key: str) -> str:
        return hashlib.sha256(key.encode()).hexdigest()

    @classmethod
    def issue(cls, membership: Membership, name: str = "", scopes: Iterable[str] = tuple(Scope)) -> str:
        """Make a token and return its key, which is shown this once."""
        key, given = secrets.token_urlsafe(32), {Scope.READ, *scopes}
        names = " ".join(scope for scope in Scope if scope in given)
        cls.objects.create(membership=membership, name=name, digest=cls.digest_of(key), scope_names=names)
        return key


class PasswordSlip(models.Model):
    """A new password that `maker` may still read. Only services/membership/slips.py writes and reads it.

    The row holds no password: the password follows from `secret` and the server's SECRET_KEY together.
    """

    maker = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    secret = models.CharField(max_length=200, editable=False)
    created = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"password slip of {self.membership}"


class SignInFailure(models.Model):
    """A wrong password, or a name that is none. Written and read by ftcml/accounts/services/guessing.py alone."""

    name_key = models.CharField(max_length=64)
    address_key = models.CharField(max_length=64)
    created = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        indexes = [
            models.Index(fields=["name_key", "created"], name="failures_of_a_name"),
            models.Index(fields=["address_key", "created"], name="failures_of_an_address"),
        ]

    def __str__(self) -> str:
        return f"wrong password, {self.created:%Y-%m-%d %H:%M}"


class ProviderSession(models.Model):
    """A session that began at the sign-in provider. Only services/sign_on/sessions.py writes and reads it.

    `sid`: what the provider calls its own session, "" where it doesn't say.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    session_key = models.CharField(max_length=40, unique=True)
    sid = models.CharField(max_length=255, blank=True, db_index=True)
    created = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"session of {self.user} through the sign-in provider"


class TrainingBalance(models.Model):
    """Training seconds that a team has left. Changed by ftcml/accounts/services/ledger.py only."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="training_balance")
    seconds_allowed = models.BigIntegerField(default=0)
    seconds_remaining = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(seconds_remaining__gte=0), name="balance_never_below_zero")
        ]

    def __str__(self) -> str:
        return f"{self.team}: {self.seconds_remaining} s"


class LedgerEntry(models.Model):
    """One movement of training seconds, never changed afterwards.

    `balance_change` is what the entry did to the balance: a reserve takes the seconds, a refund returns what
    was not used, a charge records what was used (its seconds left the balance with the reserve, so it changes nothing).
    """

    class Kind(models.TextChoices):
        GRANT = "grant"
        RESERVE = "reserve"
        CHARGE = "charge"
        REFUND = "refund"
        ADJUST = "adjust"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="ledger_entries")
    kind = models.CharField(max_length=8, choices=Kind)
    seconds = models.BigIntegerField()
    balance_change = models.BigIntegerField()
    job_id = models.UUIDField(null=True, blank=True, db_index=True)
    reason = models.CharField(max_length=200, blank=True)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "ledger entries"
        constraints = [
            # A job's seconds are reserved, charged and refunded once, whatever is tried twice.
            models.UniqueConstraint(
                fields=["job_id", "kind"],
                condition=models.Q(kind__in=["reserve", "charge", "refund"]),
                name="one_entry_per_job_and_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.seconds} s, {self.team}"
