"""The page on which coaches read who did what in their team."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ftcml.accounts.services.access import team_required
from ftcml.accounts.services.team_request import TeamRequest
from ftcml.audit.services import access_log

_ROWS_A_PAGE = 50


@require_safe
@team_required
def log_page(request: TeamRequest) -> HttpResponse:
    if not request.team.is_coached_by(request.user):
        raise PermissionDenied
    paginator = Paginator(access_log.of_team(request.team.pk), _ROWS_A_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    numbers = paginator.get_elided_page_range(page.number)
    return render(request, "privacy/log.html", {"page": page, "page_numbers": numbers, "days": access_log.kept_days()})
