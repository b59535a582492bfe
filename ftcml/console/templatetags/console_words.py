from django import template
from django.template.defaultfilters import floatformat

from ftcml.accounts.messages import bytes_in_words

register = template.Library()


@register.filter
def minutes(seconds: int) -> str:
    """Seconds as minutes, with one decimal where they are not whole: 36000 is 600, 90 is 1.5."""
    return floatformat(seconds / 60, "-1g")


@register.filter
def size(count: int) -> str:
    """Bytes in steps of a thousand, as the settings and the server's other sentences count: 2000000000 is 2.0 GB."""
    return bytes_in_words(count)
