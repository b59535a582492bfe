from collections.abc import Sequence

from django import template

register = template.Library()

SHOWN_LABELS = 5


@register.inclusion_tag("datasets/parts/labels.html")
def label_chips(labels: Sequence[str]) -> dict[str, dict[str, Sequence[str]]]:
    """Show the first labels, and the others on a click: a row stays one line however many there are."""
    shown = SHOWN_LABELS if len(labels) > SHOWN_LABELS + 1 else len(labels)
    return {"labels": {"shown": labels[:shown], "others": labels[shown:]}}
