from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django import template

from datasets.formats.catalog import WRITTEN
from videos.models import Video

register = template.Library()


@register.inclusion_tag("datasets/parts/export_menu.html")
def export_menu(videos: Sequence[Video]) -> dict[str, Any]:
    """The formats that the labeled frames of these videos can be exported in."""
    return {"query": urlencode([("video", video.pk) for video in videos]), "formats": WRITTEN.values()}
