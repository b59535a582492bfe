"""Each import in a watched process of its own (ftcml/core/work): a zip that takes too much costs itself alone."""

import sys

from django.conf import settings

from datasets.importing import producing
from datasets.importing.import_leases import Lease
from datasets.importing.producing import WORK_PREFIX
from datasets.models import Dataset
from ftcml.core.logging import logs
from ftcml.core.work.watched_child import Attempt, Progress

COMMAND = (sys.executable, "-m", "datasets.importing.one_import")


def produce_in_child(dataset: Dataset, lease: Lease, progress: Progress = lambda done, of: None) -> None:
    """Do the import of a dataset that the caller holds, as producing.produce_held does, in a child.

    `progress` is called now and then with (pictures done, pictures in all), as the row shows them.
    """
    if lease.attempt > settings.IMPORT_MAX_ATTEMPTS:
        producing.produce_held(dataset, lease)  # which gives it up at once
        return
    attempt = Attempt(
        lease=lease,
        bounds=producing.bounds(),
        folder_prefix=WORK_PREFIX,
        about=f"dataset {dataset.pk} of team {dataset.team_id}: its import",
        refuse=lambda reason: producing.fail(dataset, lease, reason),
        gone=lambda: producing.remove_if_deleted(dataset),
        progress=progress,
    )
    with logs.about(dataset.team_id, dataset_id=dataset.pk):
        attempt.run(COMMAND)
