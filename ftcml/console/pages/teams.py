"""The dialogs that create and rename a team."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ftcml.accounts.models import Team
from ftcml.accounts.pages.entrances import team_keys
from ftcml.accounts.services import room
from ftcml.accounts.services.team_request import PersonRequest
from ftcml.console.pages.access import operator_required
from ftcml.console.pages.asking import asked, typed
from ftcml.console.pages.forms import TeamForm, TeamLimitsForm, TeamNameForm
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
def invite(request: PersonRequest, team_id: int) -> HttpResponse:
    """Invite a coach of the team."""
    team, site = get_object_or_404(Team, pk=team_id), room.address_for_mail(request)
    return team_keys.invite(request, team, lambda email: teams.invite(request.user, team, email, site))


@operator_required
@require_http_methods(["GET", "POST"])
def set_limits(request: PersonRequest, team_id: int) -> HttpResponse:
    """Set how much the team may store."""
    team = get_object_or_404(Team, pk=team_id)
    now = teams.rows([team])[0].limits

    def act(given: dict[str, Any]) -> HttpResponse:
        teams.set_limits(request.user, team, given["gigabytes"], given["videos"])
        return dialogs.done()

    gigabytes = now.storage_bytes and now.storage_bytes // 1000**3
    form = TeamLimitsForm(typed(request), initial={"gigabytes": gigabytes, "videos": now.videos})
    shown = {
        "chosen": team,
        "default_bytes": settings.TEAM_MAX_STORAGE_BYTES,
        "default_videos": settings.TEAM_MAX_VIDEOS,
    }
    return asked(request, form, "team_limits_dialog", shown, act)


@operator_required
@require_http_methods(["GET", "POST"])
def rename(request: PersonRequest, team_id: int) -> HttpResponse:
    team = get_object_or_404(Team, pk=team_id)

    def act(given: dict[str, Any]) -> HttpResponse:
        teams.rename(request.user, team, given["name"])
        return dialogs.done()

    form = TeamNameForm(typed(request), initial={"name": team.name})
    return asked(request, form, "team_name_dialog", {"chosen": team}, act)
