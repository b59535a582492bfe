"""What people did with a video, in words: one line for each entry of its history."""

from collections.abc import Mapping
from typing import Any

from django.template.defaultfilters import pluralize

_WITHOUT_NUMBERS = {
    "uploaded": "Uploaded",
    "trashed": "Moved to the trash",
    "restored": "Restored from the trash",
}


def words(action: str, params: Mapping[str, Any]) -> str:
    """Return what was done, as "Labeled 12 frames"; "" for an action that this version doesn't know."""
    frames = _frames(params.get("frames", 0))
    match action:
        case "extracted":
            return f"Got {frames} out of it"
        case "renamed":
            return f"Renamed to “{params.get('to', '')}”"
        case "labeled":
            return f"Labeled {frames}"
        case "ignored":
            return f"Ignored {frames}" if params.get("ignored", True) else f"Took {frames} in again"
        case "reviewed":
            return f"Reviewed {frames}"
        case "sent_back":
            return f"Sent {frames} back"
        case "produced":
            return f"Produced “{params.get('dataset', '')}”"
    return _WITHOUT_NUMBERS.get(action, "")


def _frames(count: int) -> str:
    return f"{count:,} frame{pluralize(count)}"
