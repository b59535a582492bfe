"""What people say about a frame, or about one of its boxes."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Count

from ftcml.accounts.models import User
from ftcml.core import clock
from ftcml.core.requests.parameters import longest
from videos.labeling import changes
from videos.models import Comment, Frame
from videos.reasons import Code
from videos.refusals import VideoRefused

# More would be a chat.
MOST_OF_A_FRAME = 50


def of_frame(frame: Frame) -> Sequence[Comment]:
    """Return the frame's comments, the oldest first."""
    return list(frame.comments.select_related("person"))


def open_in(frames: Iterable[Frame]) -> Mapping[int, int]:
    """Return how many comments aren't resolved, by the key of the frame, for those frames that have any."""
    waiting = Comment.objects.filter(frame__in=list(frames), resolved_at=None).order_by()
    return dict(waiting.values_list("frame").annotate(count=Count("pk")))


def add(frame: Frame, person: User, text: str, box_key: UUID | None = None) -> Comment:
    """Say something about a frame, or about one of its boxes. Raises VideoRefused."""
    text, most = text.strip(), longest(Comment, "text")
    if not text or len(text) > most:
        raise VideoRefused(Code.BAD_COMMENT, most=most)
    with transaction.atomic():
        changes.change(frame.video_id, Frame.objects.filter(pk=frame.pk))
        if frame.comments.count() >= MOST_OF_A_FRAME:
            raise VideoRefused(Code.TOO_MANY_COMMENTS, most=MOST_OF_A_FRAME)
        return Comment.objects.create(frame=frame, person=person, text=text, box_key=box_key)


def resolve(comment: Comment, is_resolved: bool) -> None:
    """Say that what a comment asks for is done, or that it isn't."""
    with transaction.atomic():
        changes.change(comment.frame.video_id, Frame.objects.filter(pk=comment.frame_id))
        comment.resolved_at = clock.now() if is_resolved else None
        comment.save(update_fields=["resolved_at"])
