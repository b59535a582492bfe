"""Times in a video, as people read them."""

from django import template

register = template.Library()


@register.filter
def as_time(seconds: float | None) -> str:
    """Return 72.4 as "1:12"; "" for no time."""
    if seconds is None:
        return ""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"


@register.filter
def as_exact_time(seconds: float | None) -> str:
    """Return 72.4 as "1:12.40": of one frame among those of the same second; "" for no time."""
    if seconds is None:
        return ""
    hundredths = round(seconds * 100)
    return f"{as_time(hundredths // 100)}.{hundredths % 100:02d}"
