"""What the label page says of objects that are followed, and the names of trackers."""

# The names of OpenCV's trackers, as people who know them know them, by the keys that are stored.
OF_OPENCV = {
    "medianflow": "MedianFlow",
    "csrt": "CSRT",
    "kcf": "KCF",
    "mil": "MIL",
    "mosse": "MOSSE",
    "tld": "TLD",
    "boosting": "Boosting",
}

_UP_TO = "{label}: tracked up to frame {frame:,}. {why}"
_WHY = {
    "keyframe": "The next box that you set is there.",
    "last_frame": "That's the last frame.",
    "gone": "You ended it there.",
    "asked": "You stopped it.",
    "unattended": "Your page was closed. Click Track to continue.",
    "failed": "Something broke on our side. Click Track to continue.",
}


def ending(code: str, label: str, at: int) -> str:
    """Return how the tracking of an object ended after the frame `at`; how far it is where it hasn't."""
    if not code:
        return f"{label}: frame {at + 1:,}"
    if code == "lost":
        return (
            f"{label}: lost in frame {at + 2:,}. Put its box there, then click Track. "
            "If it's out of sight, click End Here."
        )
    return _UP_TO.format(label=label, frame=at + 1, why=_WHY.get(code, ""))
