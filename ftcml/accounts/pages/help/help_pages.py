"""The pages to read: Help, Resources and the glossary."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ftcml.accounts.pages.help import glossary
from ftcml.accounts.services import ledger
from ftcml.accounts.services.access import team_required
from ftcml.accounts.services.team_request import TeamRequest


@require_safe
@team_required
def help_page(request: TeamRequest) -> HttpResponse:
    """Show what to do when something doesn't work, and whom to ask."""
    return render(request, "accounts/help.html")


@require_safe
@team_required
def resources(request: TeamRequest) -> HttpResponse:
    """Show how to make a good dataset and a good model, and what the team has left for them."""
    (account,) = ledger.accounts([request.team])
    minutes = {"used": (account.used + account.reserved) // 60, "limit": account.allowed // 60}
    return render(request, "accounts/resources.html", {"minutes": minutes})


@require_safe
@team_required
def glossary_page(request: TeamRequest) -> HttpResponse:
    """Show the words of machine learning."""
    return render(request, "accounts/glossary.html", {"groups": glossary.GROUPS, "picture_folder": "img/glossary/"})
