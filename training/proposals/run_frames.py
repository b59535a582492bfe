"""Which frames a run looks at."""

from django.db.models import QuerySet

from training.models import ModelRun
from videos.labeling.which_frames import IGNORED, LABELED, UNLABELED
from videos.models import Frame

_WHICH = {
    ModelRun.Purpose.PROPOSALS: UNLABELED,
    ModelRun.Purpose.HELPFUL: ~IGNORED,  # labeled ones as well: what is like them helps little
    ModelRun.Purpose.AUDIT: LABELED,
}


def frames_of(run: ModelRun) -> "QuerySet[Frame]":
    """Return the frames of a run in their order."""
    frames = run.video.frames.filter(_WHICH[ModelRun.Purpose(run.purpose)])
    return frames.filter(number__range=(run.first, run.last)).order_by("number")
