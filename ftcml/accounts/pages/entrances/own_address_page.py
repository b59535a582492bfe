"""One's own mail address, for coaches and operators: confirmed by a link, and asked for with the password."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from ftcml.accounts import messages as words
from ftcml.accounts.models import WaitingMail
from ftcml.accounts.pages.entrances.reset_forms import KeyOfMailForm, OwnAddressForm
from ftcml.accounts.services import room
from ftcml.accounts.services.guessing import TooManyTries, try_password
from ftcml.accounts.services.mailing import own_address, waiting
from ftcml.accounts.services.team_request import PersonRequest
from ftcml.accounts.services.throttle import MailThrottle, too_often
from ftcml.core import mail


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@sensitive_post_parameters("password")
def address_page(request: PersonRequest) -> HttpResponse:
    """Ask for an address and the password, and send a link there."""
    may = mail.is_set() and own_address.may_have_one(request.user)
    form = OwnAddressForm(request.POST if request.method == "POST" else None)
    refusal = _send(request, form) if may and form.is_valid() else ""
    is_sent = may and form.is_bound and form.is_valid() and not refusal
    context = {"form": form, "may": may, "sends_mail": mail.is_set(), "is_sent": is_sent, "refusal": refusal}
    return render(request, "accounts/own_address.html", context, status=429 if refusal else 200)


@require_POST
@login_required
def remove(request: PersonRequest) -> HttpResponse:
    """Forget the address, also of a student who was a coach."""
    own_address.remove(request.user)
    messages.success(request, words.ADDRESS_REMOVED)
    return redirect("own-address")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def confirm_page(request: HttpRequest) -> HttpResponse:
    """Take the key of the link from the page's script, and keep the address. The link alone proves whose it is."""
    if request.method != "POST":
        return render(request, "accounts/key_of_mail.html", {"form": KeyOfMailForm()})
    form = KeyOfMailForm(request.POST)
    user = own_address.confirm(form.cleaned_data["key"]) if form.is_valid() else None
    if user is None:
        return render(request, "accounts/link_over.html", {"again": "own-address"})
    messages.success(request, words.ADDRESS_KEPT)
    return redirect("own-address" if request.user.is_authenticated else "sign-in")


def _send(request: PersonRequest, form: OwnAddressForm) -> str:
    """Have the link sent, and return why it isn't, or "". A wrong password is an error of the form."""
    if refusal := too_often(MailThrottle, request):
        return refusal
    try:
        if try_password(request, request.user.username, form.cleaned_data["password"]) is None:
            form.add_error("password", words.WRONG_OWN_PASSWORD)
            return ""
    except TooManyTries as tries:
        return str(tries)
    kind, email = WaitingMail.Kind.OWN_ADDRESS, form.cleaned_data["email"]
    is_asked = waiting.ask_for(kind, email, room.address_for_mail(request), user=request.user)
    return "" if is_asked else words.MAILED_TOO_OFTEN
