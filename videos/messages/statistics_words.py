"""What the pages of statistics say."""

from django.template.defaultfilters import pluralize

# The thirds of a picture.
ROWS = ("Top", "Middle", "Bottom")
COLUMNS = ("Left", "Center", "Right")


def more_than(count: int) -> str:
    return f"more than {count}"


def of_video(video: str) -> str:
    return f"Statistics of {video}"


def of_videos(chosen: int) -> str:
    """Return the page's title. `chosen`: how many videos, 0 for all of the team's."""
    return f"Statistics of {chosen} video{pluralize(chosen)}" if chosen else "Statistics of all videos"
