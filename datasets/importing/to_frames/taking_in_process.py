"""Each archive in a watched process of its own (ftcml/core/work): a zip that takes too much costs itself alone."""

import sys

from django.conf import settings

from datasets.importing import producing
from datasets.importing.to_frames import taking_in
from datasets.importing.to_frames.frame_leases import FrameLease
from ftcml.core.logging import logs
from ftcml.core.work.watched_child import Attempt
from videos.models import Video

COMMAND = (sys.executable, "-m", "datasets.importing.to_frames.one_taking_in")


def take_in_in_child(video: Video, lease: FrameLease) -> None:
    """Take in the frames of a video that the caller holds, those of an archive in a child.

    A dataset's frames are rows that the server itself wrote: nothing of them is hostile.
    """
    if video.kind == Video.Kind.DATASET or lease.attempt > settings.IMPORT_MAX_ATTEMPTS:
        taking_in.take_in_held(video, lease)
        return
    attempt = Attempt(
        lease=lease,
        bounds=producing.bounds(),
        folder_prefix=taking_in.WORK_PREFIX,
        about=f"video {video.pk} of team {video.team_id}: its archive",
        refuse=lambda reason: taking_in.fail(video, lease, taking_in.of_archive(reason)),
        gone=lambda: taking_in.remove_if_deleted(video),
        progress=lambda done, of: None,
    )
    with logs.about(video.team_id, video_id=video.pk):
        attempt.run(COMMAND)
