"""One import, in a process of its own: `python -m datasets.importing.one_import DATASET ATTEMPT PARENT`.

Started and watched by import_process.py, whose process is PARENT and which holds the dataset under that ATTEMPT.
"""

import os
import sys
from collections.abc import Sequence

import django


def main(arguments: Sequence[str]) -> None:
    """Import the dataset, if it is still there."""
    dataset_id, attempt, parent = arguments
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ftcml.settings")
    django.setup()
    from datasets.importing import producing
    from datasets.importing.import_leases import Lease
    from datasets.models import Dataset
    from machine.children import confine

    confine(producing.bounds().limits, int(parent))
    if dataset := Dataset.objects.filter(pk=dataset_id).first():
        producing.produce_held(dataset, Lease(dataset.pk, int(attempt)))


if __name__ == "__main__":
    main(sys.argv[1:])
