"""Files of deleted rows: removed once the deletion is committed, and by the next tidying where that was cut off."""

import logging

from django.db import transaction

from ftcml import storage
from ftcml.installation.models import Removal
from ftcml.storage import StorageAway

log = logging.getLogger(__name__)


def after_commit(prefix: str) -> None:
    """Have everything below `prefix` removed when this transaction, which deletes its row, is committed."""
    Removal.objects.get_or_create(name=prefix)
    transaction.on_commit(lambda: _remove(prefix))


def is_due(prefix: str) -> bool:
    """Whether what is below `prefix` is still to be removed, so that nothing new may be stored there."""
    return Removal.objects.filter(name=prefix).exists()


def go_on() -> None:
    """Remove what was put off."""
    for name in list(Removal.objects.values_list("name", flat=True)):
        # Removed meanwhile by another process, it may be in use again.
        if is_due(name):
            _remove(name)


def _remove(name: str) -> None:
    try:
        storage.remove_tree(name)
    except StorageAway:
        log.warning("%s is not needed any more and could not be removed; the next tidying does it", name)
        return
    Removal.objects.filter(name=name).delete()
