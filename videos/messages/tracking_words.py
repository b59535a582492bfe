"""What the label page says of objects that are followed."""

from collections.abc import Sequence

_UP_TO = "{label}: tracked up to frame {frame:,}. {why}"
_NOT_FOUND = "We didn't find it in frame {frame:,}. Look there: put its box there to continue, or click End Here."
_WHY = {
    "keyframe": "The next box that you set is there.",
    "last_frame": "That's the last frame.",
    "gone": "You ended it there.",
    "full": "The next frame has as many boxes as there can be.",
    "asked": "You stopped it.",
    "unattended": "Your page was closed. Click Track to continue.",
    "failed": "Something broke on our side. Click Track to continue.",
}


def ending(code: str, label: str, at: int, missing: Sequence[int]) -> str:
    """Return how the tracking of an object ended after the frame `at`; how far it is where it hasn't.

    `missing`: the numbers of frames in which it wasn't found.
    """
    if not code:
        return f"{label}: frame {at + 1:,}"
    if code == "lost":
        return (
            f"{label}: lost in frame {at + 2:,}. Put its box there, then click Track. "
            "If it's out of sight, click End Here."
        )
    told = _UP_TO.format(label=label, frame=at + 1, why=_WHY.get(code, ""))
    return f"{told} {_NOT_FOUND.format(frame=missing[0] + 1)}" if missing else told
