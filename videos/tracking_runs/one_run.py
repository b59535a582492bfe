"""One run, in a process of its own: `python -m videos.tracking_runs.one_run RUN ATTEMPT PARENT`.

Started and watched by run_process.py, whose process is PARENT and which holds the run under that ATTEMPT.
"""

import os
import sys
from collections.abc import Sequence

import django

# Pages and trainings come first.
_NICE = 10


def main(arguments: Sequence[str]) -> None:
    """Follow the objects of the run, if it is still there."""
    run_id, attempt, parent = arguments
    os.nice(_NICE)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ftcml.settings")
    django.setup()
    from machine.children import confine
    from videos.models import Tracking
    from videos.tracking_runs import following, run_process
    from videos.tracking_runs.run_leases import Lease

    confine(run_process.bounds().limits, int(parent))
    if run := Tracking.objects.select_related("video").filter(pk=run_id).first():
        following.follow_held(run, Lease(run.pk, int(attempt)))


if __name__ == "__main__":
    main(sys.argv[1:])
