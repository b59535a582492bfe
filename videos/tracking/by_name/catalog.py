"""The trackers that a person can choose by name."""

from pathlib import Path

from videos.tracking.by_name import opencv_trackers
from videos.tracking.by_name.guarded import Guarded
from videos.tracking.by_name.opencv_trackers import OpenCVTracker
from videos.tracking.by_name.vit_tracker import VitTracker
from videos.tracking.tracker import Tracker

# What serves an object best; it isn't one tracker: videos/tracking/automatic.py.
AUTOMATIC = "Automatic"
VIT = "ViTTrack"


def names(vit_file: Path | None = None) -> tuple[str, ...]:
    """Return all names, the advised one first. `vit_file`: where an operator would have put ViTTrack's network."""
    is_installed = vit_file is not None and vit_file.is_file()
    return (AUTOMATIC, *opencv_trackers.NAMES, *([VIT] if is_installed else []))


def tracker(name: str, vit_file: Path | None = None) -> Tracker:
    """Return a new tracker of that name, whose word is checked."""
    if name == VIT and vit_file is not None:
        return Guarded(VitTracker(vit_file))
    return Guarded(OpenCVTracker(name))
