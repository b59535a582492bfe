"""A new password by mail, for coaches and operators with an address. Everyone else is told who can give them one."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from ftcml.accounts import messages as words
from ftcml.accounts.models import User, WaitingMail
from ftcml.accounts.pages.entrances.reset_forms import AddressForm, KeyOfMailForm, NewPasswordForm
from ftcml.accounts.services import room
from ftcml.accounts.services.guessing import TooManyTries, try_key
from ftcml.accounts.services.mailing import resets, waiting
from ftcml.accounts.services.throttle import MailThrottle, too_often
from ftcml.audit.services import access_log
from ftcml.core import mail


@require_http_methods(["GET", "HEAD", "POST"])
def forgotten_page(request: HttpRequest) -> HttpResponse:
    """Ask for an address, and answer alike whether an account has it. The worker finds out."""
    is_sent, refusal = False, ""
    form = AddressForm(request.POST if request.method == "POST" else None)
    if mail.is_set() and form.is_valid() and not (refusal := too_often(MailThrottle, request)):
        site = room.address_for_mail(request)
        waiting.ask_for(WaitingMail.Kind.NEW_PASSWORD, form.cleaned_data["email"], site)
        is_sent = True
    shown = {"form": form, "sends_mail": mail.is_set(), "is_sent": is_sent, "refusal": refusal, "hours": resets.HOURS}
    return render(request, "accounts/forgot_password.html", shown, status=429 if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new_password_page(request: HttpRequest) -> HttpResponse:
    """Take the key of a mail's link from the page's script; then ask for the new password."""
    if request.method != "POST":
        return render(request, "accounts/key_of_mail.html", {"form": KeyOfMailForm()})
    user = _owner(request)
    return _ask(request, NewPasswordForm(user, initial={"key": request.POST["key"]})) if user else _over(request)


@require_POST
@sensitive_post_parameters()
def set_password(request: HttpRequest) -> HttpResponse:
    """Set the password, which ends the person's sessions and tokens, and ask them to sign in with it."""
    user = _owner(request)
    if user is None:
        return _over(request)
    form = NewPasswordForm(user, request.POST)
    if not form.is_valid():
        return _ask(request, form)
    with transaction.atomic():
        form.save()
        access_log.record(access_log.Kind.PASSWORD, user.active_team_id, person_id=user.pk)
    messages.success(request, words.PASSWORD_SET)
    return redirect("sign-in")


def _owner(request: HttpRequest) -> User | None:
    """Return whose key was sent, None where it doesn't work, which counts as a guess."""
    form = KeyOfMailForm(request.POST)
    key = form.cleaned_data["key"] if form.is_valid() else ""
    try:
        return try_key(request, lambda: resets.find(key))
    except TooManyTries:
        return None


def _ask(request: HttpRequest, form: NewPasswordForm) -> HttpResponse:
    return render(request, "accounts/new_password.html", {"form": form, "username": form.user.get_username()})


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/link_over.html", {"again": "forgot-password"})
