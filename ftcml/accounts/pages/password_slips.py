"""The page of new passwords, to hand out on paper: shown again until the person who made them is done."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from ftcml.accounts.services import room
from ftcml.accounts.services.membership import slips
from ftcml.accounts.services.team_request import PersonRequest
from ftcml.core import qr


@require_safe
@login_required
def slips_page(request: PersonRequest) -> HttpResponse:
    address = room.address_of(request)
    context = {"slips": slips.of(request.user), "address": address, "code": qr.for_page(address)}
    return render(request, "accounts/slips.html", context)


@require_POST
@login_required
def done(request: PersonRequest) -> HttpResponse:
    """Forget the passwords, and go where the people are."""
    slips.done(request.user)
    return redirect("people" if request.team else "home")
