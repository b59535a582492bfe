"""How a view answers a dialog or a button of a page: static/js/dialog/dialog.js listens."""

from collections.abc import Sequence
from typing import Any, Final

from django.conf import settings
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ftcml.core.trash.moving import Moved

# Closes the dialog, and has the list below it refreshed.
DONE: Final = {"HX-Trigger": "dialog-done, list-changed"}
# The dialog stays closed: what is put into it would open it.
_DELETED: Final = {"X-Notice": "1", "HX-Retarget": "#content", "HX-Reswap": "none", **DONE}


def done() -> HttpResponse:
    """Return the answer to a dialog whose question is settled: it closes, and the list refreshes."""
    return HttpResponse(status=204, headers=DONE)


def changed() -> HttpResponse:
    """Return the answer to a button that did something: the list refreshes."""
    return HttpResponse(status=204, headers={"HX-Trigger": "list-changed"})


def ask_to_delete(
    request: HttpRequest, template: str, possible: Sequence[Model], refusals: Sequence[str]
) -> HttpResponse:
    """Ask whether to delete the things that can be, and say why others can't."""
    asked = {"chosen": possible, "refusals": refusals, "trash_days": settings.TRASH_DAYS}
    return render(request, template, asked)


def deleted(request: HttpRequest, kind: str, field: str, moved: Moved[Any]) -> HttpResponse:
    """Close the dialog, refresh the list, and say how many things went to the trash, with a button that restores them.

    If some did not, the dialog stays and says why.

    Args:
        request: the one that deleted.
        kind: what one of the things is called.
        field: its name in a form.
        moved: the things.
    """
    if moved.refusals:
        context = {"kind": kind, "refusals": moved.refusals, "deleted_count": len(moved.rows)}
        response = render(request, "parts/delete_refused.html", context, status=422)
        response["HX-Trigger"] = "list-changed"
        return response
    response = render(request, "parts/deleted_notice.html", {"kind": kind, "field": field, "rows": moved.rows})
    for name, value in _DELETED.items():
        response[name] = value
    return response


def refused(request: HttpRequest, title: str, sentence: str) -> HttpResponse:
    """Say on the page why a button did nothing."""
    response = render(request, "parts/notice.html", {"title": title, "sentence": sentence}, status=409)
    response["X-Notice"] = "1"
    return response
