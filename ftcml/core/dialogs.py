"""How a view answers a dialog of a page: static/js/dialog/dialog.js listens."""

from typing import Final

from django.http import HttpResponse

# Closes the dialog, and has the list below it refreshed.
DONE: Final = {"HX-Trigger": "dialog-done, list-changed"}


def done() -> HttpResponse:
    """Return the answer to a dialog whose question is settled: it closes, and the list refreshes."""
    return HttpResponse(status=204, headers=DONE)
