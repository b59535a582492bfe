from django import template

from datasets import messages
from datasets.repairs import Entry

register = template.Library()


@register.filter
def repair_summary(entries: list[Entry]) -> dict[str, int]:
    """Words for each kind of repair -> the number of files."""
    return messages.summary(entries)


@register.filter
def repair_text(entry: Entry) -> str:
    """What happened to one file."""
    return messages.of_repair(entry)
