"""Mails that wait for a worker. The row says what to send; the message only wakes a worker."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from ftcml.accounts.models import JoinKey, User, WaitingMail
from ftcml.accounts.services.mailing import letters
from ftcml.celery import wake
from ftcml.core import clock, mail

log = logging.getLogger(__name__)

TASK = "ftcml.accounts.tasks.send_mails"
# To one address, no matter who asks: nobody's mailbox can be filled from here.
MOST_AN_HOUR = 3
_HOUR = timedelta(hours=1)
# Longer than a mail server may take.
_NEXT_TRY = timedelta(minutes=2)

Kind = WaitingMail.Kind


def ask_for(
    kind: WaitingMail.Kind, email: str, site: str, key: JoinKey | None = None, user: User | None = None
) -> bool:
    """Have a worker send a mail. Return False, with nothing noted, where the address has had enough of them.

    Args:
        kind: what it says.
        email: where it goes.
        site: the server's address, for the link in it.
        key: of an invitation.
        user: who wants the address for their own.
    """
    now = clock.now()
    if WaitingMail.objects.filter(email__iexact=email, created__gt=now - _HOUR).count() >= MOST_AN_HOUR:
        return False
    WaitingMail.objects.create(kind=kind, email=email, site=site, key=key, user=user, created=now, next_try=now)
    transaction.on_commit(lambda: wake(TASK))
    return True


def send_all() -> None:
    """Send what is due. Of two workers at once, one sends each mail."""
    if not mail.is_set():
        return
    due = WaitingMail.objects.filter(is_done=False, tries__lt=WaitingMail.MOST_TRIES, next_try__lte=clock.now())
    for row in due.select_related("key__team", "key__maker", "user"):
        if _claim(row):
            _send(row)


def forget_old() -> None:
    """Remove mails, with the addresses in them, that were sent, or given up, an hour ago."""
    WaitingMail.objects.filter(created__lte=clock.now() - _HOUR).delete()


def _claim(row: WaitingMail) -> bool:
    waits = WaitingMail.objects.filter(pk=row.pk, tries=row.tries, is_done=False)
    return bool(waits.update(tries=F("tries") + 1, next_try=clock.now() + _NEXT_TRY))


def _send(row: WaitingMail) -> None:
    try:
        for letter in letters.of(row):
            mail.send(letter.template, letter.to, letter.context)
    except OSError as error:
        log.warning("mail %s (%s) wasn't sent: %s", row.pk, row.kind, error)
        letters.take_back(row)
    else:
        WaitingMail.objects.filter(pk=row.pk).update(is_done=True)
        log.info("mail %s (%s) sent", row.pk, row.kind)
