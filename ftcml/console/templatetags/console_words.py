from django import template
from django.template.defaultfilters import floatformat

register = template.Library()


@register.filter
def minutes(seconds: int) -> str:
    """Seconds as minutes, with one decimal where they are not whole: 36000 is 600, 90 is 1.5."""
    return floatformat(seconds / 60, "-1g")
