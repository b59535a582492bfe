"""The room's page: the address to open, large enough to project. And what to do about the browser's warning."""

from http import HTTPStatus
from pathlib import Path

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ftcml.accounts.services import room
from ftcml.accounts.services.team_request import SiteRequest
from ftcml.core import qr
from ftcml.core.requests.no_such_page import NoSuchPage
from ftcml.launcher.room import address_changes, fingerprint


@require_safe
def room_page(request: SiteRequest) -> HttpResponse:
    """Show the room its address. For coaches and operators while a room is served."""
    if not room.is_open():
        raise NoSuchPage
    if not request.user.is_authenticated:
        return HttpResponse(status=401) if "HX-Request" in request.headers else redirect_to_login(request.path)
    if not room.may_project(request.user, request.team):
        raise NoSuchPage
    best, *others = settings.ROOM_ADDRESSES
    context = {
        "best": best,
        "others": others,
        "code": qr.for_page(best),
        "moved": address_changes.moved_now(),
        "fingerprint": _fingerprint(),
    }
    return render(request, "launcher/room.html", context)


@require_safe
def warning_page(request: HttpRequest) -> HttpResponse:
    """Explain the browser's warning. For everyone, as it comes before the sign-in."""
    if not settings.ROOM_CERTIFICATE:
        raise NoSuchPage
    return warning(request, settings.ROOM_ADDRESSES[0])


def warning(request: HttpRequest, address: str, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    """Explain the warning that a browser shows at `address`, and lead there."""
    context = {"address": address, "fingerprint": _fingerprint()}
    return render(request, "launcher/warning.html", context, status=status)


def _fingerprint() -> list[str]:
    return fingerprint.lines(Path(settings.ROOM_CERTIFICATE)) if settings.ROOM_CERTIFICATE else []
