"""Who takes the frames out of a video, by the lease in its row (ftcml/core/work/attempts.py)."""

from django.db.models import QuerySet

from ftcml.celery import wake
from ftcml.core.work.attempts import AttemptLease, Work
from videos.models import Video

# Frames of the other kinds come from an archive or a dataset, which only datasets can read.
_READER = "datasets.tasks.take_in_next"
_EXTRACTOR = "videos.tasks.extract_next"
# Of the names of work folders (ftcml/core/work/work_folders.py).
WORK_PREFIX = "extraction-"
KINDS = (Video.Kind.VIDEO, Video.Kind.RECORDING, Video.Kind.PICTURES, Video.Kind.SAMPLE)


class Lease(AttemptLease):
    """The right to work on one EXTRACTING video."""

    work = Work(rows=Video.objects.filter(state=Video.State.EXTRACTING, kind__in=KINDS), every=Video.everything.all())


def waiting() -> QuerySet[Video]:
    """Return the videos that a worker may claim, in the order in which they are served."""
    return Lease.work.waiting()


def claim_next() -> tuple[Video, Lease] | None:
    """Take the next video; None when there is none to take now."""
    return Lease.claim_next()


def wake_worker(video: Video) -> None:
    """Tell an idle worker to look for videos of this kind."""
    wake(_EXTRACTOR if video.kind in KINDS else _READER)


def wake_extractor() -> None:
    """Tell an idle worker to look for videos whose frames are to be taken."""
    wake(_EXTRACTOR)
