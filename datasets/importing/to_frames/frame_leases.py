"""Who takes frames in for a video, by the lease in the video's row (ftcml/core/work/attempts.py)."""

from django.db.models import QuerySet

from ftcml.core.work.attempts import AttemptLease, Work
from videos.models import Video

# Of the other kinds videos/extraction takes the frames.
KINDS = (Video.Kind.ARCHIVE, Video.Kind.DATASET)


class FrameLease(AttemptLease):
    """The right to take in the frames of one video."""

    work = Work(
        rows=Video.objects.filter(state=Video.State.EXTRACTING, kind__in=KINDS),
        every=Video.everything.filter(kind__in=KINDS),
    )


def waiting() -> QuerySet[Video]:
    """The videos whose frames a worker may take in, in the order in which they are served."""
    return FrameLease.work.waiting()


def claim_next() -> tuple[Video, FrameLease] | None:
    """Take the video that is next; None when there is none to take now."""
    return FrameLease.claim_next()
