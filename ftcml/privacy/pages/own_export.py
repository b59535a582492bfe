"""The page on which a person has the rows that name them made into a zip."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from ftcml.accounts.services.access import person_required
from ftcml.accounts.services.team_request import PersonRequest
from ftcml.accounts.services.throttle import ExportThrottle, too_often
from ftcml.core import dialogs
from ftcml.privacy import messages
from ftcml.privacy.pages.export_files import shown, zip_file
from ftcml.privacy.services.exports import exports


@require_GET
@person_required
def page(request: PersonRequest) -> HttpResponse:
    """The page, or the part of it that refreshes."""
    context = shown(exports.of_person(request.user).first(), reverse("own-export"))
    template = "parts/export" if "HX-Request" in request.headers else "own_export"
    return render(request, f"privacy/{template}.html", context)


@require_POST
@person_required
def start(request: PersonRequest) -> HttpResponse:
    if refusal := too_often(ExportThrottle, request):
        return dialogs.refused(request, messages.NOT_NOW, refusal)
    exports.ask_for_person(request.user, request.user)
    return dialogs.changed()


@require_POST
@person_required
def stop(request: PersonRequest) -> HttpResponse:
    exports.stop(exports.of_person(request.user))
    return dialogs.changed()


@require_GET
@person_required
def download(request: PersonRequest) -> HttpResponseBase:
    """The newest, or the page where there is none any more."""
    export = exports.of_person(request.user).first()
    if export is None or not export.is_ready:
        return redirect("own-export")
    return zip_file(export, request.user.username)
