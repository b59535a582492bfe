"""Who has a video open for labeling, and which frame they look at."""

from collections.abc import Sequence
from datetime import timedelta

from ftcml.accounts.models import User
from ftcml.core import clock
from videos.models import Presence, Video

# Without a sign of life for so long, a person has left.
GONE_AFTER = timedelta(seconds=10)
# A row is written again only where it says something new, for SQLite has one writer.
_WRITTEN_EVERY = timedelta(seconds=4)


def seen(video: Video, person: User, frame_number: int) -> None:
    """Note that a person looks at a frame."""
    now = clock.now()
    row = Presence.objects.filter(video=video, person=person).first()
    if row and row.frame_number == frame_number and row.seen > now - _WRITTEN_EVERY:
        return
    Presence.objects.update_or_create(video=video, person=person, defaults={"frame_number": frame_number, "seen": now})


def others(video: Video, person: User) -> Sequence[Presence]:
    """Return where the other people are who have the video open now."""
    here = Presence.objects.filter(video=video, seen__gt=clock.now() - GONE_AFTER).exclude(person=person)
    return list(here.select_related("person"))
