"""Ask for an erasure, and go on with the ones that aren't done: one worker at a time, by the lease in the row."""

import logging
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from ftcml.accounts.models import Team, User
from ftcml.celery import wake
from ftcml.core import clock
from ftcml.core import lease as leases
from ftcml.core.files.storage import StorageAway
from ftcml.core.lease import Heartbeat, Lease, LeaseLost
from ftcml.privacy.models import Erasure
from ftcml.privacy.services.erasing import person, plan, team

log = logging.getLogger(__name__)

TASK = "ftcml.privacy.tasks.erase"
_SECONDS_BETWEEN_RENEWALS = 5.0


def ask_for_team(chosen: Team) -> Erasure:
    """Have the team erased. A worker does it."""
    return _ask(Erasure(kind=Erasure.Kind.TEAM, number=chosen.pk, counts=plan.of_team(chosen).goes))


def ask_for_person(chosen: User) -> Erasure:
    """Have the person erased. A worker does it."""
    return _ask(Erasure(kind=Erasure.Kind.PERSON, number=chosen.pk, counts=plan.of_person(chosen).goes))


def due() -> QuerySet[Erasure]:
    """Return those that no worker works on now, the oldest first."""
    held = leases.in_force("lease_until", clock.now(), timedelta(seconds=settings.LEASE_SECONDS))
    return Erasure.objects.filter(state=Erasure.State.RUNNING).exclude(held).order_by("created", "id")


def advance() -> None:
    """Go on with each erasure as far as that goes now. What has to wait is tried again by the next sweep."""
    for erasure in due():
        lease = leases.claim(Erasure.objects.all(), erasure, "lease_until", leases.lease_end())
        if lease:
            _advance(erasure, lease)


def wake_worker() -> None:
    """Tell an idle worker to go on."""
    wake(TASK)


def _ask(erasure: Erasure) -> Erasure:
    running = Erasure.objects.filter(kind=erasure.kind, number=erasure.number, state=Erasure.State.RUNNING)
    try:
        with transaction.atomic():
            erasure.save()
    except IntegrityError:  # two clicks
        return running.get()
    transaction.on_commit(wake_worker)
    return erasure


def _advance(erasure: Erasure, lease: Lease) -> None:
    beat = Heartbeat(lambda: lease.renew(leases.lease_end()), _SECONDS_BETWEEN_RENEWALS)
    try:
        if _erase(erasure, beat):
            lease.release(state=Erasure.State.DONE, ended=clock.now())
            log.info("%s is erased", erasure)
        else:
            lease.release()
    except StorageAway:
        with suppress(LeaseLost):
            lease.release()
    except LeaseLost as loss:
        log.warning("%s", loss)


def _erase(erasure: Erasure, beat: Heartbeat) -> bool:
    """Return whether it is done. What is gone already was erased before a worker died."""
    if erasure.kind == Erasure.Kind.PERSON:
        if user := User.objects.filter(pk=erasure.number).first():
            person.erase(user, beat)
        return True
    chosen = Team.objects.filter(pk=erasure.number).first()
    return chosen is None or team.erase(chosen, beat)
