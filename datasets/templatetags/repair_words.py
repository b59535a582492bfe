from typing import Any

from django import template

from datasets import messages

register = template.Library()


@register.filter
def repair_summary(entries: list[dict[str, Any]]) -> dict[str, int]:
    """Words for each kind of repair -> the number of files."""
    return messages.summary(entries)


@register.filter
def repair_text(entry: dict[str, Any]) -> str:
    """What happened to one file."""
    return messages.of_repair(entry)
