"""A team's webhooks: added, changed, turned on and off, and deleted by its coaches."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.db.models import QuerySet

from ftcml.accounts.models import Team, User
from ftcml.core import clock
from ftcml.integrations import messages
from ftcml.integrations.models import Delivery, EventType, Sending, Webhook
from ftcml.integrations.reasons import Refusal
from ftcml.integrations.services import happenings, networks, signing

log = logging.getLogger(__name__)

MOST = 5
# Deliveries of one webhook that are listed.
SHOWN = 50
# What a coach can choose: a test goes to one webhook, whatever it listens to.
CHOICES = tuple(kind for kind in EventType if kind != EventType.TEST)


class WebhookRefused(Exception):
    """Nothing was changed; str() is the sentence that says why. `field`: the one that is wrong, "" for none."""

    def __init__(self, code: Refusal, field: str = "", **params: int) -> None:
        super().__init__(messages.refusal(code, **params))
        self.code, self.field = code, field


@dataclass(frozen=True)
class Row:
    """A webhook as pages and API show it. `why_off`: a sentence, "" while it's on. `events`: their names."""

    hook: Webhook
    why_off: str

    @property
    def events(self) -> list[str]:
        return [kind.label for kind in CHOICES if kind in self.hook.events]

    @property
    def host(self) -> str:
        """The part of the address that has no secrets."""
        return urlsplit(self.hook.url).netloc


def shown(hook: Webhook) -> Row:
    """Return the webhook with what is to be said of it."""
    return Row(hook, messages.why_off(hook.why_off, settings.WEBHOOK_FAILING_DAYS))


def listed(team: Team) -> list[Row]:
    """Return the team's webhooks, the oldest first."""
    return [shown(hook) for hook in Webhook.objects.for_team(team)]


def latest_deliveries(hook: Webhook) -> QuerySet[Delivery]:
    """Return what became of the latest messages to a webhook, the newest first."""
    return hook.deliveries.select_related("event")[:SHOWN]


def test(hook: Webhook) -> None:
    """Send it a message about nothing."""
    happenings.test(hook)


def add(team: Team, coach: User, url: str, events: Iterable[str]) -> tuple[Webhook, str]:
    """Add a webhook, and return it with its secret, which is shown this once. Raises WebhookRefused."""
    url, chosen = _checked_url(url), _checked_events(events)
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=team.pk)
        there = Webhook.objects.for_team(team)
        if there.filter(url=url).exists():
            raise WebhookRefused(Refusal.TAKEN, "url")
        if there.count() >= MOST:
            raise WebhookRefused(Refusal.TOO_MANY, most=MOST)
        seed = signing.new_seed()
        hook = Webhook.objects.create(team=team, created_by=coach, url=url, events=chosen, secret_seed=seed)
    log.info("team %s: webhook %s added by user %s", team.pk, hook.pk, coach.pk)
    return hook, signing.shown_secret(seed)


def change(hook: Webhook, url: str, events: Iterable[str]) -> None:
    """Give the webhook another address and other events. Raises WebhookRefused."""
    url, chosen = _checked_url(url), _checked_events(events)
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=hook.team_id)
        if Webhook.objects.filter(team=hook.team_id, url=url).exclude(pk=hook.pk).exists():
            raise WebhookRefused(Refusal.TAKEN, "url")
        Webhook.objects.filter(pk=hook.pk).update(url=url, events=chosen)
    hook.url, hook.events = url, chosen


def renew_secret(hook: Webhook) -> str:
    """Give the webhook a new secret, and return it. The old one signs nothing from now on."""
    hook.secret_seed = signing.new_seed()
    hook.save(update_fields=["secret_seed"])
    return signing.shown_secret(hook.secret_seed)


def switch(hook: Webhook, is_on: bool) -> None:
    """Turn it on or off, as a coach says."""
    if is_on:
        turn_on(hook)
    else:
        turn_off(hook, Webhook.WhyOff.BY_COACH)


def turn_on(hook: Webhook) -> None:
    """Send events to it from now on, whatever it did before."""
    hook.why_off, hook.off_since, hook.failing_since = "", None, None
    hook.save(update_fields=["why_off", "off_since", "failing_since"])


def turn_off(hook: Webhook, why: Webhook.WhyOff) -> None:
    """Send nothing to it any more, nor what waits."""
    hook.why_off, hook.off_since = why, clock.now()
    with transaction.atomic():
        hook.save(update_fields=["why_off", "off_since"])
        waiting = Delivery.objects.filter(webhook=hook, state=Sending.State.WAITING)
        waiting.update(state=Sending.State.DROPPED)
    log.info("team %s: webhook %s is off: %s", hook.team_id, hook.pk, why)


def _checked_url(url: str) -> str:
    """Return the address without needless spaces. Names are looked up when something is sent, not here."""
    url = url.strip()
    longest = Webhook._meta.get_field("url").max_length or 0
    try:
        URLValidator(["http", "https"])(url)
        parts = urlsplit(url)
        is_odd = len(url) > longest or not url.isascii() or "@" in parts.netloc or parts.port == 0
    except (ValidationError, ValueError):
        is_odd = True
    if is_odd:
        raise WebhookRefused(Refusal.NO_ADDRESS, "url")
    if parts.scheme != "https" and not _is_this_machine(parts.hostname or ""):
        raise WebhookRefused(Refusal.NOT_HTTPS, "url")
    if networks.is_private_literal(parts.hostname or ""):
        raise WebhookRefused(Refusal.PRIVATE, "url")
    return url


def _is_this_machine(host: str) -> bool:
    """Return whether the host is this machine, where the operator allows that."""
    loopback = {"localhost": "127.0.0.1"}.get(host, host)
    return networks.is_allowed(loopback, plain=True)


def _checked_events(events: Iterable[str]) -> list[str]:
    wanted = set(events)
    chosen = [kind.value for kind in CHOICES if kind in wanted]
    if not chosen:
        raise WebhookRefused(Refusal.NO_EVENT, "events")
    return chosen
