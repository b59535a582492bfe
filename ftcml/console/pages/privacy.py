"""The dialogs about all of a team's or a person's data, and about a season."""

import uuid
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ftcml.accounts.models import Team
from ftcml.accounts.services.team_request import PersonRequest
from ftcml.console.pages.access import operator_required
from ftcml.console.pages.asking import asked, typed
from ftcml.console.pages.forms import AgainForm, PersonForm, SeasonForm
from ftcml.console.services import privacy, seasons
from ftcml.core.dialogs import changed
from ftcml.privacy import messages
from ftcml.privacy.models import Export, Season
from ftcml.privacy.pages.export_files import zip_file
from ftcml.privacy.services.erasing import plan


@operator_required
@require_http_methods(["GET", "POST"])
def erase_team(request: PersonRequest, team_id: int) -> HttpResponse:
    """Count what would go, and erase the team when its number is typed."""
    team = get_object_or_404(Team, pk=team_id)
    form = AgainForm(typed(request))
    context = {"chosen": team, "plan": plan.of_team(team)}
    return asked(
        request,
        form,
        "erase_team_dialog",
        context,
        lambda given: privacy.erase_team(request.user, team, given["again"]),
    )


@operator_required
@require_http_methods(["GET", "POST"])
def erase_person(request: PersonRequest) -> HttpResponse:
    """Ask for a user name; count what would go; erase the person when the name is typed again."""
    form = PersonForm(typed(request))
    context: dict[str, Any] = {}

    def act(given: dict[str, Any]) -> HttpResponse | None:
        person = privacy.person(given["name"])
        privacy.check_erasable(request.user, person)
        context.update(chosen=person, plan=plan.of_person(person))
        if not given["again"]:
            return render(request, "console/parts/erase_person_dialog.html", {**context, "form": form})
        privacy.erase_person(request.user, person, given["again"])
        return None

    return asked(request, form, "erase_person_dialog", context, act)


@operator_required
@require_http_methods(["GET", "POST"])
def export_person(request: PersonRequest) -> HttpResponse:
    return asked(
        request,
        PersonForm(typed(request)),
        "export_person_dialog",
        {},
        lambda given: privacy.export_person(request.user, privacy.person(given["name"])),
    )


@operator_required
@require_GET
def download(request: PersonRequest, person_export_id: uuid.UUID) -> HttpResponseBase:
    """A person's export. A team's is for its coaches."""
    export = Export.objects.filter(pk=person_export_id, state=Export.State.READY).exclude(person=None).first()
    if export is None:
        raise Http404(messages.NO_SUCH_EXPORT)
    return zip_file(export, str(export.person))


@operator_required
@require_http_methods(["GET", "POST"])
def archive_season(request: PersonRequest) -> HttpResponse:
    """Count what would be put away, and begin when the season has a name."""

    def act(given: dict[str, Any]) -> None:
        seasons.start(request.user, given["season"])

    return asked(request, SeasonForm(typed(request)), "season_dialog", {"plan": seasons.plan()}, act)


@operator_required
@require_POST
def retry_season(request: PersonRequest, season_id: int) -> HttpResponse:
    seasons.retry(get_object_or_404(Season, pk=season_id))
    return changed()
