"""The team's trash: what it has deleted, videos, datasets and models alike."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ftcml.accounts.services.access import team_required
from ftcml.accounts.services.team_request import TeamRequest
from ftcml.core import dialogs
from training.messages import page_words as messages
from training.trash.team_trash import Choice, Outcome, items


@require_GET
@team_required
def trash_page(request: TeamRequest) -> HttpResponse:
    return render(request, "training/trash.html", {"items": items(request.team), "trash_days": settings.TRASH_DAYS})


@require_POST
@team_required
def restore(request: TeamRequest) -> HttpResponse:
    """Put back what was chosen, for Restore and for the Undo of a deletion."""
    outcome = _chosen(request).restore(request.user)
    response = _said(request, outcome, messages.restored(item.kind for item in outcome.done))
    response["HX-Trigger"] = "list-changed"
    return response


@require_http_methods(["GET", "POST"])
@team_required
def delete_now(request: TeamRequest) -> HttpResponse:
    """Ask; then delete for good."""
    chosen = _chosen(request)
    refusals: list[str] = []
    if request.method == "POST":
        outcome = chosen.delete_now(request.user)
        if not outcome.refusals:
            return dialogs.done()
        refusals = outcome.refusals
    context = {"items": chosen.items, "refusals": refusals}
    return render(request, "training/parts/delete_now_dialog.html", context, status=422 if refusals else 200)


def _chosen(request: TeamRequest) -> Choice:
    """Raises Http404 where nothing of it is in the team's trash."""
    asked = request.GET if request.method == "GET" else request.POST
    chosen = Choice.of(request.team, asked.getlist("dataset"), asked.getlist("job"), asked.getlist("video"))
    if not chosen.items:
        raise Http404(messages.NOT_IN_THE_TRASH)
    return chosen


def _said(request: TeamRequest, outcome: Outcome, sentence: str) -> HttpResponse:
    """A notice to show: what was done, or why it was refused."""
    is_refused = bool(outcome.refusals)
    said = " ".join([*([sentence] if outcome.done else []), *outcome.refusals])
    context = {"key": "deleted", "level": "error" if is_refused else "success", "sentence": said}
    response = render(request, "parts/notice.html", context, status=409 if is_refused else 200)
    response["X-Notice"], response["HX-Reswap"] = "1", "none"
    return response
