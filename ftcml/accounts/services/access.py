"""Who may see what: every page and endpoint reaches a team's objects through these, and through nothing else."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import reduce, wraps
from operator import or_
from typing import Any, Concatenate, ParamSpec, Protocol, Self, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from ftcml.accounts.messages import NOT_ON_A_TEAM, NOT_YOURS
from ftcml.accounts.models import Team
from ftcml.accounts.services.team_request import PersonRequest, SiteRequest, TeamRequest

Row = TypeVar("Row", bound=models.Model)
Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)
P = ParamSpec("P")
# Of a view: it reads or changes a team's data.
FOR_A_TEAM = "is_for_a_team"


class TeamQuerySet(models.QuerySet[Row_co]):
    """The only way to a team's rows from a view."""

    def for_team(self, team: Team) -> Self:
        return self.filter(team=team)


class TeamRows(Protocol[Row_co]):
    """A TeamQuerySet, or a manager made of one."""

    @property
    def model(self) -> type[Row_co]: ...
    def for_team(self, team: Team) -> models.QuerySet[Row_co]: ...


class NotInTeam(Http404):
    """The team has no such object; perhaps another team of the same person has it."""

    def __init__(self, queryset: TeamRows[Any], object_ids: Iterable[object]) -> None:
        super().__init__(NOT_YOURS)
        self._queryset, self._object_ids = queryset, set(object_ids)

    @property
    def _one_of_them(self) -> Q:
        """Compare with each: a number that no database holds fits no row, where `in` would be an error."""
        return reduce(or_, (Q(pk=object_id) for object_id in self._object_ids), Q(pk__in=[]))

    def team_among(self, teams: models.QuerySet[Team]) -> Team | None:
        """Return the one of these teams that has all of the objects, None where there is none."""
        for team in teams:
            with suppress(ValueError, ValidationError):
                found = self._queryset.for_team(team).filter(self._one_of_them).count()
                if found and found == len(self._object_ids):
                    return team
        return None


def get_for_team(queryset: TeamRows[Row], team: Team, object_id: object) -> Row:
    """The team's object with that id. Raises Http404 for another team's object exactly as for none."""
    try:
        found = queryset.for_team(team).filter(pk=object_id).first()
    except (ValueError, ValidationError):
        found = None
    if found is None:
        raise NotInTeam(queryset, [object_id])
    return found


def get_all_for_team(queryset: TeamRows[Row], team: Team, object_ids: Iterable[str]) -> list[Row]:
    """The team's objects with those ids, in the queryset's order. Raises Http404 unless every one is the team's."""
    wanted = set(object_ids)
    try:
        found = list(queryset.for_team(team).filter(pk__in=wanted))
    except (ValueError, ValidationError):
        found = []
    if not wanted or len(found) != len(wanted):
        raise NotInTeam(queryset, wanted)
    return found


def get_selected(queryset: TeamRows[Row], team: Team, object_ids: Iterable[str]) -> list[Row]:
    """Those of the team's objects that have these ids, in the queryset's order.

    Any other id counts for nothing: a row may be deleted while somebody has it selected.
    """
    wanted = set()
    for object_id in object_ids:
        with suppress(ValidationError):
            wanted.add(queryset.model._meta.pk.to_python(object_id))
    return list(queryset.for_team(team).filter(pk__in=wanted)) if wanted else []


def team_required(
    view: Callable[Concatenate[TeamRequest, P], HttpResponseBase],
) -> Callable[Concatenate[SiteRequest, P], HttpResponseBase]:
    """For pages: signed in, and in a team. `request.team` is then never None.

    A request by htmx for a part of a page gets 401 or a command to go elsewhere, never another page's HTML.
    """

    @wraps(view)
    def wrapped(request: SiteRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        is_part = "HX-Request" in request.headers
        if not request.user.is_authenticated:
            return HttpResponse(status=401) if is_part else redirect_to_login(request.get_full_path())
        if request.team is None:
            return HttpResponse(headers={"HX-Redirect": reverse("no-team")}) if is_part else redirect("no-team")
        return view(cast(TeamRequest, request), *args, **kwargs)

    setattr(wrapped, FOR_A_TEAM, True)
    return wrapped


def person_required(
    view: Callable[Concatenate[PersonRequest, P], HttpResponseBase],
) -> Callable[Concatenate[SiteRequest, P], HttpResponseBase]:
    """For pages of a person, in a team or in none: signed in. A request by htmx gets 401, never another page's HTML."""

    @wraps(view)
    def wrapped(request: SiteRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            is_part = "HX-Request" in request.headers
            return HttpResponse(status=401) if is_part else redirect_to_login(request.get_full_path())
        return view(cast(PersonRequest, request), *args, **kwargs)

    return wrapped


def check_coach(request: Request | TeamRequest) -> None:
    """Raise PermissionDenied unless a coach of the request's team asks."""
    if not request.team.is_coached_by(request.user):
        raise PermissionDenied


class InATeam(BasePermission):
    """For the API: signed in, and in a team."""

    message = NOT_ON_A_TEAM

    def has_permission(self, request: Request, view: object) -> bool:
        return bool(request.user and request.user.is_authenticated and request.team)
