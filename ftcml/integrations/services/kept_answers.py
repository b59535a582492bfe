"""The rows of requests with an `Idempotency-Key`: who answers one now, and the answer for who asks again."""

import hashlib
import json
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import models

from ftcml.accounts.models import User
from ftcml.core import clock, lease
from ftcml.core.lease import Lease, LeaseLost, lease_end
from ftcml.integrations.models import KeptAnswer

KEPT = timedelta(days=1)


class OtherRequest(Exception):
    """The person used the key for another request."""


class StillAnswered(Exception):
    """Another process answers the first request of the key."""


@dataclass(frozen=True)
class Claim:
    """The right to answer the request of a key. `answer`: what was answered before, None for a first one."""

    made_id: uuid.UUID
    answer: dict[str, Any] | None
    lease: Lease | None = None

    def keep(self, answer: dict[str, Any]) -> None:
        """Answer so from now on. Where that fails, the next request finds what was made by its id."""
        if self.lease:
            self.lease.release(answer=answer)

    def give_back(self) -> None:
        """Let the next request try. What this one may have made keeps its id."""
        if self.lease:
            self.lease.release()

    def forget(self) -> None:
        """Forget the key: the request was refused, and nothing was made."""
        if self.lease:
            self.lease.held().delete()


def claim(person: User, key: str, fingerprint: str) -> Claim:
    """Take a key, or return its answer. Raises OtherRequest and StillAnswered."""
    now = clock.now()
    rows = KeptAnswer.objects.filter(person=person, key=key)
    rows.filter(created__lte=now - KEPT).delete()
    fresh = {"fingerprint": fingerprint, "held_until": lease_end(now), "created": now}
    row, is_new = KeptAnswer.objects.get_or_create(person=person, key=key, defaults=fresh)
    if is_new:
        return Claim(row.made_id, None, Lease(_ROWS, row.pk, "held_until", {"held_until": row.held_until}))
    if row.fingerprint != fingerprint:
        raise OtherRequest
    if row.answer is not None:
        return Claim(row.made_id, row.answer)
    is_held = row.held_until is not None and row.held_until > now
    held = None if is_held else lease.claim(_ROWS, row, "held_until", lease_end(now))
    if held is None:
        raise StillAnswered
    return Claim(row.made_id, None, held)


def forget_old() -> None:
    """Remove the answers that are no longer given."""
    KeptAnswer.objects.filter(created__lte=clock.now() - KEPT).delete()


def digest(*parts: object) -> str:
    """Return what tells one request from every other."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


_ROWS: "models.QuerySet[KeptAnswer]" = KeptAnswer.objects.all()

__all__ = ["Claim", "LeaseLost", "OtherRequest", "StillAnswered", "claim", "digest", "forget_old"]
