"""The room's page: the address to open, large enough to project."""

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ftcml.accounts.services import room
from ftcml.accounts.services.team_request import SiteRequest
from ftcml.core import qr
from ftcml.core.requests.no_such_page import NoSuchPage
from ftcml.launcher.room import address_changes


@require_safe
def room_page(request: SiteRequest) -> HttpResponse:
    """Show the room its address. For coaches and operators while a room is served."""
    if not request.user.is_authenticated:
        return HttpResponse(status=401) if "HX-Request" in request.headers else redirect_to_login(request.path)
    if not room.may_project(request.user, request.team):
        raise NoSuchPage
    best, *others = settings.ROOM_ADDRESSES
    context = {"best": best, "others": others, "code": qr.for_page(best), "moved": address_changes.moved_now()}
    return render(request, "launcher/room.html", context)
