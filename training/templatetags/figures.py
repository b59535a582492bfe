import math

from django import template

register = template.Library()


@register.filter
def of_a_hundred(share: float) -> int:
    """Return a share as people count it: 75 for 0.75."""
    return round(100 * share)


@register.filter
def in_minutes(seconds: float) -> int:
    """Return the minutes that were begun: 2 for 61 seconds."""
    return math.ceil(seconds / 60)


@register.filter
def figure(value: float | None) -> str:
    """Write a metric for people: 0.9300, 12, 3.2e-05 for what four decimals would hide, or "not measured"."""
    if value is None:
        return "not measured"
    if value == round(value):
        return f"{value:.0f}"
    return f"{value:.4f}" if abs(value) >= 0.001 else f"{value:.1e}"
