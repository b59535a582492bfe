"""One run, in a process of its own: `python -m training.proposals.one_run RUN ATTEMPT PARENT`.

Started and watched by run_process.py, whose process is PARENT and which holds the run under that ATTEMPT.
"""

import os
import sys
from collections.abc import Sequence

import django

# As a trainer: pages and imports come first.
_NICE = 10


def main(arguments: Sequence[str]) -> None:
    """Do the run, if it is still there."""
    run_id, attempt, parent = arguments
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ftcml.settings")
    django.setup()
    from machine.children import confine
    from training.models import ModelRun
    from training.proposals import running
    from training.proposals.run_leases import Lease

    confine(running.bounds().limits, int(parent))
    os.nice(_NICE)
    if run := ModelRun.objects.select_related("video__team", "job__default_file").filter(pk=run_id).first():
        running.run_held(run, Lease(run.pk, int(attempt)))


if __name__ == "__main__":
    main(sys.argv[1:])
