"""What people and programs can do with objects through frames, by the names that pages and API have for it."""

from collections.abc import Sequence
from uuid import UUID

from ftcml.accounts.models import User
from videos.labeling.tracks import objects
from videos.labeling.tracks.rewriting import Changes
from videos.models import Video

ACTIONS = ("end", "delete", "split", "merge", "confirm")
MOST_TRACKS = 1_000


def act(
    video: Video,
    person: User,
    action: str,
    tracks: Sequence[UUID],
    frame: int,
    last: int | None = None,
    finish: bool = False,
) -> Changes:
    """Do it to the first of `tracks`, at `frame`, and return what changed. Raises VideoRefused.

    `merge` takes two tracks. `confirm` takes all, up to the frame `last`; `finish`: those frames are finished by it.
    """
    if action == "confirm":
        return objects.confirm(video, person, tracks, frame, frame if last is None else last, finish=finish)
    if action == "merge":
        return objects.merge(video, person, tracks[0], tracks[-1])
    one_object = {"end": objects.end_here, "delete": objects.delete_from, "split": objects.split}
    return one_object[action](video, person, tracks[0], frame)
