"""Who may see what: every page and endpoint reaches a team's objects through these, and through nothing else."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from rest_framework.permissions import BasePermission

from ftcml.accounts.models import Team


class TeamQuerySet(models.QuerySet):
    """The only way to a team's rows from a view."""

    def for_team(self, team: Team) -> "TeamQuerySet":
        return self.filter(team=team)


def get_for_team(queryset: TeamQuerySet, team: Team, object_id: object) -> Any:
    """The team's object with that id. Raises Http404 for another team's object exactly as for none."""
    try:
        found = queryset.for_team(team).filter(pk=object_id).first()
    except (ValueError, ValidationError):
        found = None
    if found is None:
        raise Http404("There is no such item in your team.")
    return found


def get_all_for_team(queryset: TeamQuerySet, team: Team, object_ids: Iterable[str]) -> list[Any]:
    """The team's objects with those ids, in the queryset's order. Raises Http404 unless every one is the team's."""
    wanted = set(object_ids)
    try:
        found = list(queryset.for_team(team).filter(pk__in=wanted))
    except (ValueError, ValidationError):
        found = []
    if not wanted or len(found) != len(wanted):
        raise Http404("There is no such item in your team.")
    return found


def get_ticked(queryset: TeamQuerySet, team: Team, object_ids: Iterable[str]) -> list[Any]:
    """Those of the team's objects that have these ids, in the queryset's order.

    Any other id counts for nothing: a row may be deleted while somebody has it ticked.
    """
    wanted = set()
    for object_id in object_ids:
        with suppress(ValidationError):
            wanted.add(queryset.model._meta.pk.to_python(object_id))
    return list(queryset.for_team(team).filter(pk__in=wanted)) if wanted else []


def team_required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For pages: signed in, and in a team. `request.team` is then never None.

    A request by htmx for a part of a page gets 401 or a command to go elsewhere, never another page's HTML.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        is_part = "HX-Request" in request.headers
        if not request.user.is_authenticated:
            return HttpResponse(status=401) if is_part else redirect_to_login(request.get_full_path())
        if request.team is None:
            return HttpResponse(headers={"HX-Redirect": reverse("no-team")}) if is_part else redirect("no-team")
        return view(request, *args, **kwargs)

    return wrapped


class InATeam(BasePermission):
    """For the API: signed in, and in a team."""

    message = "You are in no team. Ask your coach to add you."

    def has_permission(self, request, view) -> bool:
        return bool(request.user and request.user.is_authenticated and request.team)
