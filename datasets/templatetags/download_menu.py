from django import template

from datasets.formats.catalog import FORMATS
from datasets.models import Dataset
from datasets.production import STORED_FORMAT

register = template.Library()


@register.inclusion_tag("datasets/parts/download_menu.html")
def download_menu(dataset: Dataset) -> dict:
    """The formats that the dataset can be downloaded in."""
    return {"dataset": dataset, "formats": FORMATS.values(), "stored_format": STORED_FORMAT}
