"""The Upload dialog of the Videos tab, and the code in it by which a phone uploads."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from ftcml.accounts.services import room
from ftcml.accounts.services.access import get_for_team, team_required
from ftcml.accounts.services.team_request import TeamRequest
from ftcml.accounts.services.throttle import PhoneThrottle, too_often
from ftcml.core import qr
from ftcml.core.requests.parameters import longest
from videos import messages
from videos.models import PhoneTicket, Video
from videos.pages.upload_form import UploadForm
from videos.reasons import Code, Reason
from videos.refusals import VideoRefused
from videos.services import uploads
from videos.services.receiving import phone_tickets, rules

_LIST_CHANGED = {"HX-Trigger": "list-changed"}


def kinds_of_files() -> dict[str, Any]:
    """Return what the browser needs to know of files: how they are told apart, and how large they may be."""
    return {
        "pictures": ",".join(rules.PICTURES),
        "archives": ",".join(rules.ARCHIVES),
        "accepted": ",".join((*rules.VIDEOS, *rules.PICTURES, *rules.ARCHIVES)),
        "longest": longest(Video, "description"),
        "max_megabytes": settings.VIDEO_MAX_BYTES // 1000**2,
        "max_seconds": settings.VIDEO_MAX_SECONDS,
        "max_frames": settings.VIDEO_MAX_FRAMES,
    }


@require_GET
@team_required
def upload_dialog(request: TeamRequest) -> HttpResponse:
    """Ask what to upload, and which frames to take. The browser does the rest."""
    is_coach = request.team.is_coached_by(request.user)
    context = {
        **kinds_of_files(),
        "form": UploadForm(),
        "may_upload": uploads.may_upload(request.team, request.user),
        "refusal": messages.words(Reason(Code.COACHES_UPLOAD)),
        "room_is_open": room.is_open(),
        "tickets": phone_tickets.live(request.team) if is_coach else [],
    }
    return render(request, "videos/parts/upload_dialog.html", context)


@require_POST
@team_required
def phone_code(request: TeamRequest) -> HttpResponse:
    """Make a ticket, and show its code. It's shown this once."""
    try:
        refusal = too_often(PhoneThrottle, request)
        if not refusal:
            ticket, key = phone_tickets.issue(request.team, request.user)
    except VideoRefused as error:
        refusal = str(error)
    if refusal:
        return render(request, "videos/parts/phone_code.html", {"refusal": refusal})
    address = f"{room.address_of(request)}{reverse('phone')}#{key}"
    context = {"address": address, "code": qr.for_page(address), **_arriving(ticket)}
    return render(request, "videos/parts/phone_code.html", context)


@require_GET
@team_required
def phone_part(request: TeamRequest, ticket_id: int) -> HttpResponse:
    """Return what has come from the phone, and for how long it may send more."""
    ticket = get_for_team(PhoneTicket.objects.filter(person=request.user), request.team, ticket_id)
    return render(request, "videos/parts/phone_arriving.html", _arriving(ticket))


@require_POST
@team_required
def phone_end(request: TeamRequest, ticket_id: int) -> HttpResponse:
    """End one's own ticket, as when the dialog closes."""
    phone_tickets.end(get_for_team(PhoneTicket.objects.filter(person=request.user), request.team, ticket_id))
    return HttpResponse(headers=_LIST_CHANGED)


@require_POST
@team_required
def phone_revoke(request: TeamRequest, ticket_id: int) -> HttpResponse:
    """End anybody's ticket, as a coach."""
    ticket = get_for_team(PhoneTicket.objects, request.team, ticket_id)
    if not request.team.is_coached_by(request.user):
        raise PermissionDenied
    phone_tickets.end(ticket)
    return HttpResponse(headers=_LIST_CHANGED)


def _arriving(ticket: PhoneTicket) -> dict[str, Any]:
    return {
        "ticket": ticket,
        "minutes": -(-phone_tickets.seconds_left(ticket) // 60),
        "arriving": phone_tickets.arriving(ticket),
    }
