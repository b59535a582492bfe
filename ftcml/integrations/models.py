"""What is told to others: events, who wants to hear of them, and what became of each message."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from ftcml.accounts.models import Team, User
from ftcml.accounts.services.access import TeamQuerySet
from ftcml.integrations import messages


class KeptAnswer(models.Model):
    """The answer to a request with an `Idempotency-Key`, for the same request again: services/once.py."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    # Of the whole request: another one under the same key is refused.
    fingerprint = models.CharField(max_length=64)
    # The key of the row that the request makes, so that a second try finds what the first one made before it died.
    made_id = models.UUIDField(default=uuid.uuid4)
    # Until when a request is being answered; None where none is.
    held_until = models.DateTimeField(null=True)
    # Status, headers and body; None until the request was answered.
    answer = models.JSONField(null=True)
    created = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="one_answer_to_a_key")]

    def __str__(self) -> str:
        return f"answer to {self.key}"


class EventType(models.TextChoices):
    """What others can hear of."""

    JOB_ENDED = "job.ended", "Training ended"
    DATASET_READY = "dataset.ready", "Dataset ready"
    TEST = "webhook.test", "Test"


class Event(models.Model):
    """Something that happened in a team. `id`: the same in every message about it, however often it is sent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    type = models.CharField(max_length=20, choices=EventType)
    data = models.JSONField()
    created = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-created", "id"]

    def __str__(self) -> str:
        return f"{self.type} of {self.team}"


class Webhook(models.Model):
    """An address that is told of a team's events. Its secret follows from `secret_seed` and SECRET_KEY."""

    class WhyOff(models.TextChoices):
        BY_COACH = "by_coach"
        KEPT_FAILING = "kept_failing"
        GONE = "gone"  # the receiver answered 410
        SECRET_LOST = "secret_lost"  # noqa: S105  # SECRET_KEY has changed since

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="webhooks")
    url = models.CharField(max_length=500)
    events: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    secret_seed = models.CharField(max_length=200, editable=False)
    created = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Why nothing is sent; "" while it's on.
    why_off = models.CharField(max_length=20, choices=WhyOff, blank=True)
    off_since = models.DateTimeField(null=True)
    # When the first of the latest failures in a row was; None after a success.
    failing_since = models.DateTimeField(null=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["created", "id"]

    def __str__(self) -> str:
        return self.url

    @property
    def is_on(self) -> bool:
        return not self.why_off


class MailWish(models.Model):
    """A person who wants an e-mail when a training ends. It goes to the account's own address."""

    class Trainings(models.TextChoices):
        OWN = "own", "Trainings that I start"
        TEAM = "team", "All trainings of my teams"

    person = models.OneToOneField(User, on_delete=models.CASCADE, related_name="mail_wish")
    trainings = models.CharField(max_length=10, choices=Trainings, default=Trainings.OWN)

    class Meta:
        verbose_name_plural = "mail wishes"

    def __str__(self) -> str:
        return f"e-mail for {self.person}"


class Sending(models.Model):
    """One message about one event to one receiver: sent until it is delivered, with growing pauses."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DELIVERED = "delivered"
        FAILED = "failed"  # given up
        DROPPED = "dropped"  # its receiver is off

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="%(class)s_rows")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    # When it's sent next, and until when a worker is sending it.
    due = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True)
    # Of the latest try: an HTTP status or 0, and a code of reasons.py or "".
    status = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=20, blank=True)
    tried_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.event_id}: {self.state}"

    @property
    def state_words(self) -> str:
        return messages.STATES[self.state]

    @property
    def problem_words(self) -> str:
        """What went wrong with the latest try, "" where nothing did."""
        return messages.problem(self.problem, self.status)


class Delivery(Sending):
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")

    class Meta(Sending.Meta):
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(fields=["due"], condition=models.Q(state="waiting"), name="deliveries_waiting"),
        ]


class Letter(Sending):
    wish = models.ForeignKey(MailWish, on_delete=models.CASCADE, related_name="letters")

    class Meta(Sending.Meta):
        indexes = [
            models.Index(fields=["due"], condition=models.Q(state="waiting"), name="letters_waiting"),
        ]
