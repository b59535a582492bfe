"""What the parts of the label page need that its view doesn't know of."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ftcml.core.requests import parameters
from videos.labeling.labels import MAX_LABEL_LENGTH
from videos.models import Comment, Video
from videos.tracking_runs import tracker_names

register = template.Library()


@register.simple_tag
def trackers() -> dict[str, object]:
    """Return the trackers that can be chosen: the key of the automatic one, and the names of the others."""
    return {"automatic": tracker_names.AUTOMATIC, "named": tracker_names.by_name()}


@register.simple_tag
def longest() -> dict[str, int]:
    """Return how many characters what a person types may have."""
    return {"label": MAX_LABEL_LENGTH, "comment": parameters.longest(Comment, "text")}


@register.simple_tag
def run_addresses(video: Video) -> SafeString:
    """Return the addresses of a run, with [run] in the place of its key, as attributes."""
    stop, edits = (
        reverse(name, args=[video.pk, video.pk]).replace(f"tracking/{video.pk}", "tracking/[run]")
        for name in ("video-tracking-stop", "video-tracking-edits")
    )
    return format_html('data-stop="{}" data-edits="{}"', stop, edits)
