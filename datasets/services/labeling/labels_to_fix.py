"""Where the labels of a dataset are fixed: in the videos that it was produced from, or in one that shows its frames."""

from django.db import transaction

from datasets.importing.to_frames import taking_in
from datasets.inspection import inspecting
from datasets.models import Dataset, FixedLabels, Frame
from datasets.reasons import Code
from datasets.refusals import DatasetRefused
from ftcml.accounts.models import User
from ftcml.celery import wake
from videos.models import Frame as VideoFrame
from videos.models import Video

# So many frames are rows within a second, for which a person waits; a worker makes more.
_AT_ONCE = 1000
_FAILED = Video.State.FAILED


def wake_worker() -> None:
    """Tell an idle worker to look for frames to take in."""
    wake("datasets.tasks.take_in_next")


def fixed_in(dataset: Dataset) -> list[Video]:
    """Return the videos in which the dataset's labels are fixed; none before its frames were opened."""
    return _sources(dataset) or list(Video.objects.filter(fixed_labels__dataset=dataset).exclude(state=_FAILED))


def fixed_frame(frame: Frame) -> VideoFrame | None:
    """Return the video's frame in which the labels of a dataset's frame are fixed, if there is one."""
    return VideoFrame.objects.filter(pk=frame.source_id or 0, video__in=Video.objects.all()).first()


def open_frames(dataset: Dataset, person: User | None) -> list[Video]:
    """Open the dataset's frames as a video, and return the videos in which its labels are fixed. Twice makes one.

    Raises DatasetRefused while the dataset isn't ready or checked, and where that video is in the trash.
    """
    if videos := _sources(dataset):
        return videos
    with transaction.atomic():
        locked = Dataset.objects.select_for_update().filter(pk=dataset.pk).first()
        if locked is None or locked.state != Dataset.State.READY:
            raise DatasetRefused(Code.NOT_READY)
        if inspecting.is_waiting(locked):  # a dataset made of frames without fingerprints would tell no near-duplicates
            raise DatasetRefused(Code.STILL_CHECKED)
        video = _opened(locked) or _new(locked, person)
        total = locked.frames.count()
        if total > _AT_ONCE:
            transaction.on_commit(wake_worker)
    if total <= _AT_ONCE and video.state == Video.State.EXTRACTING:
        taking_in.take_in(video)
    return [video]


def _sources(dataset: Dataset) -> list[Video]:
    return list(Video.objects.filter(dataset_videos__dataset=dataset).distinct())


def _opened(dataset: Dataset) -> Video | None:
    """Return the video that shows the dataset's frames already; one that failed begins anew."""
    fixed = FixedLabels.objects.select_related("video").filter(dataset=dataset).first()
    if fixed is None:
        return None
    if fixed.video.deleted:  # its rows are being removed
        fixed.delete()
        return None
    if fixed.video.trashed_at:
        raise DatasetRefused(Code.FIXED_IN_TRASH, video=str(fixed.video))
    if fixed.video.state == _FAILED:
        fixed.video.state, fixed.video.attempts = Video.State.EXTRACTING, 0
        fixed.video.save(update_fields=["state", "attempts"])
    return fixed.video


def _new(dataset: Dataset, person: User | None) -> Video:
    video = Video.objects.create(
        team_id=dataset.team_id,
        created_by=person,
        description=dataset.description,
        kind=Video.Kind.DATASET,
        state=Video.State.EXTRACTING,
    )
    FixedLabels.objects.create(dataset=dataset, video=video)
    return video
