"""What a tab says after a deletion: how many things went to the trash, with a button that brings them back."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from datasets.models import Dataset
from ftcml.core import dialogs

# The dialog stays closed: what is put into it would open it.
_SHOWN = {
    "X-Notice": "1",
    "HX-Retarget": "#content",
    "HX-Reswap": "none",
    **dialogs.DONE,
}


def deleted(request: HttpRequest, kind: str, field: str, rows: Sequence[Dataset] | Sequence[object]) -> HttpResponse:
    """Close the dialog, refresh the list, and say what was deleted.

    Args:
        request: the one that deleted.
        kind: what one of the things is called.
        field: its name in a form.
        rows: the things.
    """
    response = render(request, "parts/deleted_notice.html", {"kind": kind, "field": field, "rows": rows})
    for name, value in _SHOWN.items():
        response[name] = value
    return response
