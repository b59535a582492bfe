"""What the page of a video's statistics says."""

# The thirds of a picture.
ROWS = ("Top", "Middle", "Bottom")
COLUMNS = ("Left", "Center", "Right")


def more_than(count: int) -> str:
    return f"more than {count}"
