"""Two-step sign-in: the page that asks for the code, and the page on which people turn it on and off."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ftcml.accounts import messages as words
from ftcml.accounts.models import User
from ftcml.accounts.pages.forms import AGAIN, CodeForm, TurnOnForm
from ftcml.accounts.pages.page_owner import PageOwner
from ftcml.accounts.services.guessing import TooManyTries, try_password
from ftcml.accounts.services.sign_on import sessions
from ftcml.accounts.services.team_request import PersonRequest, SiteRequest
from ftcml.accounts.services.two_step import codes, halfway
from ftcml.core import qr
from ftcml.core.busy import Busy

# In the session, while a person sets up their phone.
_SECRET = "two_step_secret"  # noqa: S105
# What operators reach only so, where the settings say so.
_OPERATORS_DOORS = ("/console/", "/admin/")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
def code_page(request: HttpRequest) -> HttpResponse:
    """Ask who gave their password for the code, and sign them in."""
    half = halfway.of(request.session)
    user = half.user if half else None
    if half is None or user is None:
        return _start_again(request)
    page = PageOwner.sent_with(request)
    if page and page.person != user.pk:
        raise PermissionDenied
    form = ask(request)
    if request.method == "POST" and form.is_valid():
        try:
            codes.check(user, form.cleaned_data["code"])
        except codes.WrongCode:
            halfway.was_wrong(request.session, half)
            form.add_error("code", words.WRONG_CODE)
        except TooManyTries as refusal:
            form.add_error("code", str(refusal))
        else:
            return _signed_in(request, user, half)
    return code_form(request, form)


def code_form(request: HttpRequest, form: CodeForm) -> HttpResponse:
    """Show the form for the code: in the dialog of an open page, or as a page."""
    is_dialog = "HX-Request" in request.headers
    template = "accounts/parts/sign_in_code.html" if is_dialog else "accounts/sign_in_code.html"
    return render(request, template, {"form": form}, status=422 if form.errors and is_dialog else 200)


def ask(request: HttpRequest) -> CodeForm:
    data = request.POST if request.method == "POST" and "code" in request.POST else None
    return CodeForm(data, auto_id=AGAIN if "HX-Request" in request.headers else "id_%s")


def _start_again(request: HttpRequest) -> HttpResponse:
    if "HX-Request" in request.headers:
        return HttpResponse(status=204, headers={"HX-Trigger": "signed-in"})  # the page finds that nobody is, and asks
    return redirect("sign-in")


def _signed_in(request: HttpRequest, user: User, half: halfway.Halfway) -> HttpResponse:
    login(request, user, settings.AUTHENTICATION_BACKENDS[0])
    halfway.done(request.session)
    if "HX-Request" in request.headers:
        return HttpResponse(status=204, headers={"HX-Trigger": "signed-in"})
    if half.keep:
        request.session.set_expiry(settings.KEPT_SESSION_SECONDS)
    return HttpResponseRedirect(half.after or resolve_url(settings.LOGIN_REDIRECT_URL))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@sensitive_post_parameters()
def settings_page(request: PersonRequest) -> HttpResponse:
    """Turn two-step sign-in on or off, or make new recovery codes."""
    if codes.is_on(request.user):
        return _while_on(request)
    if not codes.is_offered(request.user):
        return render(request, "accounts/two_step_not_offered.html")
    secret = request.session.setdefault(_SECRET, codes.new_secret())
    form = TurnOnForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and (recovery := _turned_on(request, form, secret)):
        del request.session[_SECRET]
        halfway.done(request.session)
        return _recovery_codes(request, recovery)
    address = codes.address(request.user, secret)
    context = {"form": form, "secret": secret, "picture": qr.for_page(address), "address": address}
    return render(request, "accounts/two_step_turn_on.html", context)


def _turned_on(request: PersonRequest, form: TurnOnForm, secret: str) -> list[str]:
    """Return the recovery codes, none where it isn't turned on: then the form says why."""
    try:
        if try_password(request, request.user.username, form.cleaned_data["password"]) is None:
            form.add_error("password", words.NOT_YOUR_PASSWORD)
            return []
        return codes.turn_on(request.user, secret, form.cleaned_data["code"])
    except codes.WrongCode:
        form.add_error("code", words.WRONG_CODE)
    except (TooManyTries, Busy) as refusal:
        form.add_error(None, str(refusal))
    return []


def _while_on(request: PersonRequest) -> HttpResponse:
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            codes.check(request.user, form.cleaned_data["code"])
        except codes.WrongCode:
            form.add_error("code", words.WRONG_CODE)
        except TooManyTries as refusal:
            form.add_error("code", str(refusal))
        else:
            if request.POST.get("what") == "recovery":
                return _recovery_codes(request, codes.new_recovery_codes(request.user))
            codes.turn_off(request.user)
            messages.success(request, words.TWO_STEP_OFF)
            return redirect("two-step")
    return render(request, "accounts/two_step_on.html", {"form": form})


def _recovery_codes(request: PersonRequest, recovery: list[str]) -> HttpResponse:
    return render(request, "accounts/recovery_codes.html", {"codes": recovery})


class OperatorsMiddleware:
    """Where the settings say so, keeps operators out of the console and the admin until they signed in with a code.

    Who came through the provider gave there what the provider asks for.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: SiteRequest) -> HttpResponse:
        if settings.TWO_STEP_OPERATORS and request.path_info.startswith(_OPERATORS_DOORS) and self._lacks_it(request):
            address = reverse("two-step")
            is_part = "HX-Request" in request.headers
            return HttpResponse(headers={"HX-Redirect": address}) if is_part else HttpResponseRedirect(address)
        return self.get_response(request)

    def _lacks_it(self, request: Any) -> bool:
        is_by_provider = bool(sessions.id_token_of(request.session))
        is_operator = request.user.is_authenticated and request.user.is_operator
        return is_operator and not (halfway.is_done(request.session) or is_by_provider)
