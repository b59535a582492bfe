"""Sign in through the provider and come back from it, sign out of both, and end sessions when the provider says so."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.views import LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render, resolve_url
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from ftcml.accounts import messages
from ftcml.accounts.pages.forms import SignInForm
from ftcml.accounts.reasons import Reason, SignOnRefused
from ftcml.accounts.services.sign_on import arriving, provider, sessions, tokens
from ftcml.accounts.services.throttle import SignOnThrottle, too_often
from ftcml.core.requests.no_such_page import NoSuchPage

log = logging.getLogger(__name__)

_STATUS = {Reason.AWAY: 503, Reason.CANCELED: 200}


def _while_on(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """For pages that aren't there while no provider is set."""

    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        if not provider.is_on():
            raise NoSuchPage
        return view(request)

    return wrapped


@require_POST
@never_cache
@_while_on
def begin(request: HttpRequest) -> HttpResponse:
    """Send the person to the provider. `next`: where to go after it."""
    if refusal := too_often(SignOnThrottle, request):
        return _sign_in_page(request, refusal, 429)
    try:
        address = provider.begin(request, request.POST.get("next", ""))
    except SignOnRefused as refused:
        return _refused(request, refused)
    return _leave(request, address)


@require_safe
@never_cache
@_while_on
def back(request: HttpRequest) -> HttpResponse:
    """Sign in who comes back from the provider."""
    if refusal := too_often(SignOnThrottle, request):
        return _sign_in_page(request, refusal, 429)
    try:
        vouched = provider.finish(request)
        user = arriving.arrive(vouched.claims)
    except SignOnRefused as refused:
        return _refused(request, refused)
    login(request, user, settings.AUTHENTICATION_BACKENDS[0])
    sessions.begin(request.session, user, vouched.claims, vouched.id_token)
    log.info("user %s signed in through the provider", user.pk)
    return HttpResponseRedirect(_ours(request, vouched.next) or resolve_url(settings.LOGIN_REDIRECT_URL))


@require_safe
@never_cache
@_while_on
def done(request: HttpRequest) -> HttpResponse:
    """Tell who signed in again in a second tab to go on in the first, which hears of it by itself."""
    return render(request, "accounts/signed_in.html")


@csrf_exempt
@require_POST
@never_cache
@_while_on
def ended(request: HttpRequest) -> HttpResponse:
    """End the sessions that the provider's signed token names: its own back channel, without a browser."""
    try:
        count = sessions.end(tokens.logout_claims(request.POST.get("logout_token")))
    except SignOnRefused as refused:
        log.warning("logout token refused: %s %s", refused.reason, refused.detail)
        status = 503 if refused.reason is Reason.AWAY else 400
        return JsonResponse({"error": "invalid_request", "error_description": refused.reason}, status=status)
    log.info("%d sessions ended by the provider", count)
    return HttpResponse()


@method_decorator(never_cache, name="dispatch")
class SignOut(LogoutView):
    """Sign out here, and of the provider as well who came through it."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        id_token = sessions.id_token_of(request.session)
        answer = super().post(request, *args, **kwargs)
        address = provider.sign_out_address(request, id_token) if id_token and provider.is_on() else ""
        return _leave(request, address) if address else answer


def _leave(request: HttpRequest, address: str) -> HttpResponse:
    """Go to the provider by a page of ours: the answer to a form may lead nowhere else (CONTENT_SECURITY_POLICY)."""
    return render(request, "accounts/leaving.html", {"address": address})


def _refused(request: HttpRequest, refused: SignOnRefused) -> HttpResponse:
    log.warning("sign-in through the provider refused: %s %s", refused.reason, refused.detail)
    return _sign_in_page(request, messages.sign_on_refused(refused.reason), _STATUS.get(refused.reason, 403))


def _sign_in_page(request: HttpRequest, refusal: str, status: int) -> HttpResponse:
    """Show the page on which people sign in by either way, and what happened."""
    after = _ours(request, request.POST.get("next", ""))
    context = {"form": SignInForm(request), "refusal": refusal, "next": after}
    return render(request, "accounts/sign_in.html", context, status=status)


def _ours(request: HttpRequest, address: str) -> str:
    """Return the address where it's one of this server's, else ""."""
    is_ours = address.isprintable() and url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )
    return address if is_ours else ""
