"""The trackers that can be chosen on this server: the names under which runs keep them, and those that people read."""

from pathlib import Path

from django.conf import settings

from videos.tracking.by_name import catalog
from videos.tracking.tracker import Tracker

AUTOMATIC = catalog.AUTOMATIC.lower()


def by_name() -> dict[str, str]:
    """Return the trackers besides the automatic one: what people read, by what runs keep."""
    return {name.lower(): name for name in catalog.names(_vit_file()) if name != catalog.AUTOMATIC}


def tracker(key: str) -> Tracker:
    """Return a new tracker by what a run keeps."""
    return catalog.tracker(by_name()[key], _vit_file())


def _vit_file() -> Path | None:
    return Path(settings.VIT_TRACKER_FILE) if settings.VIT_TRACKER_FILE else None
