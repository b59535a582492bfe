"""Sends what waits: each message until it arrives, with growing pauses, and at least once whichever worker dies.

A turn takes a few messages, sends them side by side, and ends. All that it knows stands in the rows.
"""

import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature
from django.db import transaction
from django.db.models import Min, Q, QuerySet

from ftcml.core import clock
from ftcml.core import lease as leases
from ftcml.core.lease import Lease, LeaseLost
from ftcml.installation import identity
from ftcml.integrations.models import Delivery, Event, Letter, Sending, Webhook
from ftcml.integrations.reasons import Problem
from ftcml.integrations.services import guarded_post, happenings, mailing, signing, webhooks
from ftcml.integrations.services.guarded_post import GONE, Outcome

log = logging.getLogger(__name__)

# After the first try, the second, and so on: four days in all.
PAUSES = tuple(
    timedelta(seconds=seconds)
    for seconds in (10, 60, 5 * 60, 30 * 60, *(3600 * hours for hours in (2, 5, 10, 14, 20, 24, 24)))
)
# Messages that all workers together send at a time, of each kind.
AT_ONCE = 8
# Longer than one try may take, with the look-up of the name.
_LEASE = timedelta(minutes=2)
_KEPT = timedelta(days=30)


@dataclass(frozen=True)
class _Message:
    """One message that this worker holds, and how it is sent, which touches no database."""

    row: Sending
    lease: Lease
    send: Callable[[], Outcome]


def take_turn() -> None:
    """Send some of what is due, and wake the next turn where more is."""
    if identity.work_must_wait():
        return  # a copy of the database, perhaps, whose messages the first one sends
    posts = _claimed(_deliveries(), "webhook", _prepared_post)
    messages = [*posts, *_claimed(_letters(), "wish", _prepared_letter)]
    if not messages:
        return
    with ThreadPoolExecutor(len(messages)) as pool:
        outcomes = list(pool.map(_outcome, messages))
    for message, outcome in zip(messages, outcomes, strict=True):
        try:
            _note(message, outcome)
        except LeaseLost as loss:
            log.warning("%s", loss)
    if _due(_deliveries()).exists() or _due(_letters()).exists():
        happenings.wake_sender()


def _outcome(message: _Message) -> Outcome:
    """Send one message. What breaks is a try that failed: it must not hold up the others, this time and the next."""
    try:
        return message.send()
    except Exception:
        log.exception("%s %s broke", message.row._meta.verbose_name, message.row.pk)
        return Outcome(problem=Problem.BROKEN)


def forget_old() -> None:
    """Remove events of a month ago, with what became of them."""
    Event.objects.filter(created__lte=clock.now() - _KEPT).delete()


def _deliveries() -> QuerySet[Delivery]:
    return Delivery.objects.filter(state=Sending.State.WAITING).select_related("event", "webhook")


def _letters() -> QuerySet[Letter]:
    return Letter.objects.filter(state=Sending.State.WAITING).select_related("event__team", "wish__person")


def _due(rows: QuerySet[Any]) -> QuerySet[Any]:
    now = clock.now()
    return rows.filter(due__lte=now).exclude(_held(now)).order_by("due", "pk")


def _held(now: datetime) -> Q:
    return leases.in_force("lease_until", now, _LEASE)


def _claimed(
    rows: QuerySet[Any], receiver: str, prepared: Callable[[Any], Callable[[], Outcome] | None]
) -> list[_Message]:
    """Claim as many as there is room for, of each receiver its first: a slow one never takes the place of others.

    `receiver`: the name of the field that says whose a row is.
    """
    held = rows.filter(_held(clock.now()))
    free = _due(rows).order_by().exclude(**{f"{receiver}__in": held.values(receiver)})
    firsts = free.values(receiver).annotate(first=Min("pk")).values("first")
    due = list(rows.filter(pk__in=firsts).order_by("due", "pk")[:AT_ONCE])
    room = AT_ONCE - held.count() if due else 0
    claimed = []
    for row in due[: max(0, room)]:
        if lease := leases.claim(type(row).objects.all(), row, "lease_until", clock.now() + _LEASE):
            claimed.append((row, lease))
    return [_Message(row, lease, send) for row, lease in claimed if (send := prepared(row))]


def _prepared_post(delivery: Delivery) -> Callable[[], Outcome] | None:
    """Return how to send it, None where that can't be."""
    event, hook = delivery.event, delivery.webhook
    said = {"type": event.type, "timestamp": event.created.isoformat(), "data": event.data}
    body = json.dumps(said, ensure_ascii=False).encode()
    try:
        headers = signing.headers(hook.secret_seed, str(event.pk), int(clock.now().timestamp()), body)
    except BadSignature:
        webhooks.turn_off(hook, Webhook.WhyOff.SECRET_LOST)  # which drops this message too
        return None
    return lambda: guarded_post.post(hook.url, body, headers)


def _prepared_letter(letter: Letter) -> Callable[[], Outcome]:
    return lambda: mailing.send(letter)


def _note(message: _Message, outcome: Outcome) -> None:
    """Write what came of one try. Raises LeaseLost."""
    row, now = message.row, clock.now()
    tries = row.tries + 1
    fields: dict[str, Any] = {"tries": tries, "tried_at": now, "status": outcome.status, "problem": outcome.problem}
    if outcome.arrived:
        fields["state"] = Sending.State.DELIVERED
    elif tries > len(PAUSES):
        fields["state"] = Sending.State.FAILED
    else:
        fields["due"] = now + PAUSES[tries - 1]
    with transaction.atomic():
        message.lease.release(**fields)
        if isinstance(row, Delivery):
            _note_at_webhook(row.webhook, outcome, now)


def _note_at_webhook(hook: Webhook, outcome: Outcome, now: datetime) -> None:
    """Remember since when it fails, and turn it off where that is too long."""
    if not hook.is_on:
        return  # a test
    if outcome.arrived:
        if hook.failing_since:
            Webhook.objects.filter(pk=hook.pk).update(failing_since=None)
    elif outcome.status == GONE:
        webhooks.turn_off(hook, Webhook.WhyOff.GONE)
    elif hook.failing_since is None:
        Webhook.objects.filter(pk=hook.pk, failing_since=None).update(failing_since=now)
    elif now - hook.failing_since >= timedelta(days=settings.WEBHOOK_FAILING_DAYS):
        webhooks.turn_off(hook, Webhook.WhyOff.KEPT_FAILING)
