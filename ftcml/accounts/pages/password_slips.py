"""The page of new passwords, to hand out on paper: shown again until the person who made them is done."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from ftcml.accounts.services import room
from ftcml.accounts.services.membership import slips
from ftcml.accounts.services.team_request import PersonRequest
from ftcml.core import qr
from ftcml.core.requests.parameters import whole_number


@require_safe
@login_required
def slips_page(request: PersonRequest) -> HttpResponse:
    address = room.address_of(request)
    waiting = slips.of(request.user)
    newest = max((slip.number for slip in waiting), default=0)
    context = {"slips": waiting, "newest": newest, "address": address, "code": qr.for_page(address)}
    return render(request, "accounts/slips.html", context)


@require_POST
@login_required
def done(request: PersonRequest) -> HttpResponse:
    """Forget the passwords that the page showed, and go where the people are."""
    slips.done(request.user, whole_number(request.POST.get("newest", "")) or 0)
    return redirect("people" if request.team else "home")
