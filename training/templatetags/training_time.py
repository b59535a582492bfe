from django import template

register = template.Library()


@register.filter
def clock(seconds: int) -> str:
    """Seconds as h:mm:ss, e.g. 0:04:09."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}"


@register.filter
def about(seconds: int) -> str:
    """Seconds as a person says them: "3 min", "1 h 20 min", "less than a minute"."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return "less than a minute"
    hours, minute = divmod(minutes, 60)
    return f"{hours} h {minute} min" if hours else f"{minute} min"
