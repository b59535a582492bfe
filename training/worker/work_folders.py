"""What this machine holds of jobs, each in a folder of its own."""

import shutil
from pathlib import Path
from uuid import UUID

from django.conf import settings

from ftcml.installation.quarantine import Stored
from training.models import TrainingJob


def look() -> Stored:
    """Return the folders of jobs on this machine, by the jobs' ids."""
    names = [path.name for path in Path(settings.WORK_DIR).glob("*") if is_job_id(path.name)]
    rows = {str(pk) for pk in TrainingJob.everything.filter(pk__in=names).values_list("pk", flat=True)}
    known, unknown = [name for name in names if name in rows], [name for name in names if name not in rows]
    return Stored("work folders", known=known, unknown=unknown)


def remove(job_id: str) -> None:
    """Remove what this machine holds of a job."""
    shutil.rmtree(Path(settings.WORK_DIR) / job_id, ignore_errors=True)


def is_job_id(name: str) -> bool:
    """Return whether a folder of that name can be a job's."""
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False
