"""One extraction, in a process of its own: `python -m videos.extraction.one_extraction VIDEO ATTEMPT PARENT`.

Started and watched by extraction_process.py, whose process is PARENT and which holds the video under that ATTEMPT.
"""

import os
import sys
from collections.abc import Sequence

import django


def main(arguments: Sequence[str]) -> None:
    """Take the frames out of the video, if it is still there."""
    video_id, attempt, parent = arguments
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ftcml.settings")
    django.setup()
    from machine.children import confine
    from videos.extraction import extracting
    from videos.extraction.extraction_leases import Lease
    from videos.models import Video

    confine(extracting.bounds().limits, int(parent))
    if video := Video.objects.filter(pk=video_id).first():
        extracting.extract_held(video, Lease(video.pk, int(attempt)))


if __name__ == "__main__":
    main(sys.argv[1:])
