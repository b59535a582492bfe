"""Take in one archive's frames, in a process of its own.

`python -m datasets.importing.to_frames.one_taking_in VIDEO ATTEMPT PARENT`

Started and watched by taking_in_process.py, whose process is PARENT and which holds the video under that ATTEMPT.
"""

import os
import sys
from collections.abc import Sequence

import django


def main(arguments: Sequence[str]) -> None:
    """Take in the frames of the video, if it is still there."""
    video_id, attempt, parent = arguments
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ftcml.settings")
    django.setup()
    from datasets.importing import producing
    from datasets.importing.to_frames import taking_in
    from datasets.importing.to_frames.frame_leases import FrameLease
    from machine.children import confine
    from videos.models import Video

    confine(producing.bounds().limits, int(parent))
    if video := Video.objects.filter(pk=video_id).first():
        taking_in.take_in_held(video, FrameLease(video.pk, int(attempt)))


if __name__ == "__main__":
    main(sys.argv[1:])
