"""What a phone sees that has scanned the code of the Upload dialog: one page with one button, and its uploads.

The key stands behind the # of the address, which browsers send to nobody. The page's script sends it in a header, which
no other site can make a browser send.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ftcml.accounts.services.access import get_for_team
from ftcml.accounts.services.throttle import UploadThrottle, too_often
from ftcml.core.files.uploads import from_known_sender, takes_uploads
from ftcml.core.logging import logs
from videos import messages
from videos.models import PhoneTicket, Upload
from videos.pages.upload_dialog import kinds_of_files
from videos.reasons import Code, Reason
from videos.services.receiving import phone_tickets
from videos.services.uploads import Sender
from videos.tus import answers
from videos.tus.headers import TusRefused

HEADER = "X-Phone-Ticket"
P = ParamSpec("P")
TicketView = Callable[Concatenate[HttpRequest, PhoneTicket, P], HttpResponse]


def ticket_required(view: TicketView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """For a phone: with a ticket that isn't over, whoever is signed in."""

    @csrf_exempt
    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        ticket = phone_tickets.find(request.headers.get(HEADER, ""))
        if ticket is None:
            return answers.refused(403, messages.words(Reason(Code.PHONE_TICKET_OVER)))
        request.user = ticket.person
        logs.bind_person(ticket.person, ticket.team)
        return view(request, ticket, *args, **kwargs)

    return wrapped


@require_GET
@never_cache
def phone_page(request: HttpRequest) -> HttpResponse:
    """Show the one page that a ticket opens. It says nothing of a team."""
    answer = render(request, "videos/phone.html", kinds_of_files())
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@require_GET
@ticket_required
def ticket(request: HttpRequest, ticket: PhoneTicket) -> JsonResponse:
    """Say for whom the phone uploads, and for how long."""
    return JsonResponse({"team": str(ticket.team), "seconds": phone_tickets.seconds_left(ticket)})


@require_POST
@ticket_required
def uploads(request: HttpRequest, ticket: PhoneTicket) -> HttpResponse:
    """Begin to receive a file. Once the time is over, only of a set of pictures that is on its way."""
    sender = Sender(ticket.team, ticket.person, ticket)

    def why_not_begin() -> str:
        if not phone_tickets.seconds_left(ticket):
            raise TusRefused(403, messages.words(Reason(Code.PHONE_TICKET_OVER)))
        return too_often(UploadThrottle, request)

    return answers.in_words(lambda: answers.create(request, sender, _address, why_not_begin))


@require_http_methods(["HEAD", "PATCH", "DELETE"])
@ticket_required
def upload(request: HttpRequest, ticket: PhoneTicket, upload_id: str) -> HttpResponse:
    """Go on with a file that this ticket has begun, say how much of it is here, or give it up."""
    own = Upload.objects.filter(ticket=ticket)
    return answers.in_words(lambda: answers.act(request, get_for_team(own, ticket.team, upload_id)))


def _sender(request: HttpRequest) -> int | None:
    found = phone_tickets.find(request.headers.get(HEADER, ""))
    return found.person_id if found else None


takes_uploads(from_known_sender(upload, _sender), ["PATCH"])


def _address(row: Upload) -> str:
    return reverse("phone-upload", args=[row.pk])
