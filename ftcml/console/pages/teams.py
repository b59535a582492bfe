"""The dialogs that create and rename a team."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ftcml.accounts.models import Team
from ftcml.accounts.services.team_request import PersonRequest
from ftcml.console.pages.access import operator_required
from ftcml.console.pages.asking import asked, typed
from ftcml.console.pages.forms import TeamForm, TeamNameForm
from ftcml.console.services import teams
from ftcml.console.services.teams import NewTeam
from ftcml.core import dialogs


@operator_required
@require_http_methods(["GET", "POST"])
def create(request: PersonRequest) -> HttpResponse:
    """Create the team, and go to the slip of its coach if there is one."""

    def act(given: dict[str, Any]) -> HttpResponse:
        has_slip = teams.create(request.user, NewTeam(**given))
        address = reverse("slips") if has_slip else reverse("console-tab", args=["teams"])
        return HttpResponse(status=204, headers={"HX-Redirect": address})

    return asked(request, TeamForm(typed(request)), "team_dialog", {}, act)


@operator_required
@require_http_methods(["GET", "POST"])
def rename(request: PersonRequest, team_id: int) -> HttpResponse:
    team = get_object_or_404(Team, pk=team_id)

    def act(given: dict[str, Any]) -> HttpResponse:
        teams.rename(request.user, team, given["name"])
        return dialogs.done()

    form = TeamNameForm(typed(request), initial={"name": team.name})
    return asked(request, form, "team_name_dialog", {"chosen": team}, act)
