from typing import Any

from django import template

from datasets.formats.catalog import WRITTEN
from datasets.models import Dataset
from datasets.services.downloads import STORED_FORMAT

register = template.Library()


@register.inclusion_tag("datasets/parts/download_menu.html")
def download_menu(dataset: Dataset) -> dict[str, Any]:
    """The formats that the dataset can be downloaded in."""
    return {"dataset": dataset, "formats": WRITTEN.values(), "stored_format": STORED_FORMAT}
