"""The page on which coaches have everything of their team made into a zip, and find archived seasons."""

import uuid

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from ftcml.accounts.services.access import get_for_team, team_required
from ftcml.accounts.services.team_request import TeamRequest
from ftcml.accounts.services.throttle import ExportThrottle, too_often
from ftcml.core import dialogs
from ftcml.privacy import messages
from ftcml.privacy.models import Export
from ftcml.privacy.pages.export_files import shown, zip_file
from ftcml.privacy.services.exports import exports


@require_GET
@team_required
def page(request: TeamRequest) -> HttpResponse:
    """The page, or the part of it that refreshes."""
    _check_coach(request)
    context = {
        **shown(exports.of_team(request.team).first(), reverse("team-export")),
        "seasons": exports.of_seasons(request.team),
    }
    template = "parts/export" if "HX-Request" in request.headers else "team_export"
    return render(request, f"privacy/{template}.html", context)


@require_POST
@team_required
def start(request: TeamRequest) -> HttpResponse:
    _check_coach(request)
    if refusal := too_often(ExportThrottle, request):
        return dialogs.refused(request, messages.NOT_NOW, refusal)
    exports.ask_for_team(request.team, request.user)
    return dialogs.changed()


@require_POST
@team_required
def stop(request: TeamRequest) -> HttpResponse:
    _check_coach(request)
    exports.stop(exports.of_team(request.team))
    return dialogs.changed()


@require_GET
@team_required
def download(request: TeamRequest, export_id: uuid.UUID) -> HttpResponseBase:
    export = get_for_team(Export.objects, request.team, export_id)
    _check_coach(request)
    if not export.is_ready:
        raise Http404(messages.NO_SUCH_EXPORT)
    return zip_file(export, f"{request.team.full_number} {export.season or ''}")


def _check_coach(request: TeamRequest) -> None:
    if not request.team.is_coached_by(request.user):
        raise PermissionDenied
