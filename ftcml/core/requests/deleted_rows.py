"""An item that was read a moment ago and that another has deleted since."""

import logging

from django.core.exceptions import ObjectDoesNotExist

log = logging.getLogger(__name__)


def is_deletion(error: BaseException, method: str | None, path: str) -> bool:
    """Return whether `error` says so, which goes to the log. A relation that a row lacks is a mistake of ours."""
    if not isinstance(error, ObjectDoesNotExist) or isinstance(error, AttributeError):
        return False
    log.warning("%s %s: what it is about is gone", method, path, exc_info=error)
    return True
