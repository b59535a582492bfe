"""The console's door: for everyone but operators it doesn't exist."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from ftcml.accounts.services.team_request import PersonRequest
from ftcml.core.requests.no_such_page import NoSuchPage

P = ParamSpec("P")


def operator_required(
    view: Callable[Concatenate[PersonRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Signed in, and an operator. Outermost of a view's decorators, so that no other answer betrays an address."""

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            is_part = "HX-Request" in request.headers
            return HttpResponse(status=401) if is_part else redirect_to_login(request.get_full_path())
        if not request.user.is_operator:
            raise NoSuchPage
        return view(cast(PersonRequest, request), *args, **kwargs)

    return wrapped
