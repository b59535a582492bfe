from django import template

from datasets import repairs

register = template.Library()


@register.filter
def repair_summary(entries: list[repairs.Entry]) -> dict[str, int]:
    """Words for each kind of repair -> the number of files."""
    return repairs.summary(entries)
