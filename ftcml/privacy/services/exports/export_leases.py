"""Who makes an export, by the lease in its row (ftcml/core/work/attempts.py)."""

from typing import Any, Self

from ftcml.core.work.attempts import AttemptLease, Work
from ftcml.privacy.models import Export

# Of the names of work folders (ftcml/core/work/work_folders.py).
WORK_PREFIX = "export-"
MOST_ATTEMPTS = 3


class ExportLease(AttemptLease):
    """The right to work on one RUNNING export. One that is stopped is held by nobody any more."""

    work = Work(rows=Export.objects.filter(state=Export.State.RUNNING), every=Export.objects.all())

    @classmethod
    def claim_next(cls) -> tuple[Any, Self] | None:
        """Take the export that is next; some are of no team, which could be locked."""
        while row := cls.work.waiting().first():
            if lease := cls.claim(row):
                return row, lease
        return None
