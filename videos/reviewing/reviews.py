"""A second person looks at finished frames, and says that they are right, or sends them back."""

from django.db import transaction

from ftcml.accounts.models import User
from videos.labeling import changes
from videos.labeling.marking import note
from videos.labeling.which_frames import TO_REVIEW
from videos.models import Activity, Frame, Video
from videos.reasons import Code
from videos.refusals import VideoRefused
from videos.reviewing import comments


def approve(video: Video, first: int, last: int, person: User) -> int:
    """Mark the labeled frames from `first` to `last` as reviewed, and return how many are now that weren't."""
    with transaction.atomic():
        number = changes.next_number(video.pk)
        frames = video.frames.filter(TO_REVIEW, number__range=(first, last))
        numbers = list(frames.values_list("number", flat=True))
        changes.mark(frames, number, review=Frame.Review.REVIEWED, reviewed_by=person)
        note(video.pk, person, Activity.Action.REVIEWED, numbers)
    return len(numbers)


def check_finished(frame: Frame) -> None:
    """Raise VideoRefused where a frame can't be approved, for it isn't labeled."""
    if frame.ignored or not frame.finished:
        raise VideoRefused(Code.NOT_FINISHED)


def take_back(video: Video, first: int, last: int) -> int:
    """Say that nobody has reviewed the frames from `first` to `last`, and return how many had been reviewed."""
    with transaction.atomic():
        frames = video.frames.filter(number__range=(first, last), review=Frame.Review.REVIEWED)
        return changes.change(video.pk, frames, review=Frame.Review.NONE, reviewed_by=None)


def send_back(frame: Frame, person: User, text: str) -> None:
    """Have somebody label a frame again, for a reason that a comment says. Raises VideoRefused without one."""
    with transaction.atomic():
        comments.add(frame, person, text)
        rows = Frame.objects.filter(pk=frame.pk)
        changes.change(frame.video_id, rows, finished=False, review=Frame.Review.SENT_BACK, reviewed_by=person)
        note(frame.video_id, person, Activity.Action.SENT_BACK, [frame.number])
