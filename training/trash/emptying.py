"""Deletes for good what is in the trash: after some days, where the disk needs its room, and at an operator's word."""

import logging
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings

from ftcml.core import clock
from ftcml.core.files import storage
from ftcml.installation import identity
from ftcml.installation.models import Removal
from training.refusals import JobRefused
from training.trash.team_trash import Item, delete_now, oldest_first

log = logging.getLogger(__name__)

BY = "trash"


def empty_old() -> None:
    """Delete what has been in the trash for longer than it stays. Nothing while the files may be another database's."""
    if identity.work_must_wait():
        return
    limit = clock.now() - timedelta(days=settings.TRASH_DAYS)
    _delete(item for item in oldest_first() if item.trashed_at <= limit)


def make_room() -> None:
    """Delete the oldest thing in any trash while the disk is short of room, before something new has to be refused.

    One at a time: the next look comes when its files are gone, and then there may be room enough.
    """
    if not storage.is_short_of_room() or Removal.objects.exists() or identity.work_must_wait():
        return
    oldest = oldest_first()[:1]
    if oldest:
        log.warning("the disk is short of room, so the trash is emptied early")
        _delete(oldest)


def empty(by: str) -> int:
    """Delete everything in the trash of all teams, and return how many things that were."""
    return _delete(oldest_first(), by)


def _delete(items: Iterable[Item], by: str = BY) -> int:
    count = 0
    for item in items:
        try:
            delete_now(item, by)
            count += 1
        except JobRefused as refusal:  # restored, or trained more, at this moment
            log.warning("%s", refusal)
    return count
