"""The page of a team's people, which everyone on the team sees and coaches change."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ftcml.accounts import messages as words
from ftcml.accounts.models import Membership
from ftcml.accounts.pages.forms import NamesForm, TeamUploadsForm
from ftcml.accounts.services.access import TeamQuerySet, get_for_team, team_required
from ftcml.accounts.services.membership import adding, keys, members, slips
from ftcml.accounts.services.membership.people import PersonRefused
from ftcml.accounts.services.team_request import TeamRequest
from ftcml.accounts.services.throttle import PeopleThrottle, too_often
from ftcml.core import dialogs


@require_safe
@team_required
def people_page(request: TeamRequest) -> HttpResponse:
    is_coach = request.team.is_coached_by(request.user)
    waiting = slips.of(request.user) if is_coach else []
    settings = TeamUploadsForm(initial={"members_upload": request.team.members_upload})
    context = {
        "rows": members.rows(request.team),
        "is_coach": is_coach,
        "slips": waiting,
        "keys": keys.of(request.team) if is_coach else [],
        "settings": settings,
    }
    return render(request, "accounts/people.html", context)


@require_http_methods(["GET", "POST"])
@team_required
def add_dialog(request: TeamRequest) -> HttpResponse:
    """Ask for names, add the people, and go to their password slips."""
    check_coach(request)
    form = NamesForm(request.POST if request.method == "POST" else None)

    def add() -> HttpResponse:
        try:
            added = adding.add(request.team, form.typed_names, request.user)
        except PersonRefused as refusal:
            form.add_error("names", str(refusal))
            raise
        for one in added.renamed:
            messages.warning(request, words.name_was_taken(one.wanted.username, one.username))
        for user in added.joined:
            messages.info(request, words.joined(str(user)))
        if added.already:
            messages.info(request, words.all_on_the_team(added.already))
        return _go_to("slips" if added.new else "people")

    return _dialog(request, "add_members", {"form": form, "most": adding.MOST_AT_ONCE}, add)


@require_POST
@team_required
def members_upload(request: TeamRequest) -> HttpResponse:
    """Let members upload videos, or coaches alone."""
    check_coach(request)
    form = TeamUploadsForm(request.POST)
    members.let_members_upload(request.team, form.is_valid() and form.cleaned_data["members_upload"])
    return HttpResponse(status=204)


@require_http_methods(["GET", "POST"])
@team_required
def role_dialog(request: TeamRequest, membership_id: int) -> HttpResponse:
    """Ask; then make the person a coach, or a member again."""
    membership = _member(request, membership_id)
    role = request.POST.get("role") or members.other_role(membership)

    def change() -> HttpResponse:
        members.change_role(membership, role if role in Membership.Role else members.other_role(membership))
        is_own = membership.user == request.user
        return _go_to("people") if is_own else dialogs.done()  # one's own buttons are others now

    context = {"membership": membership, "role": role, "is_own": membership.user == request.user}
    return _dialog(request, "change_role", context, change)


@require_http_methods(["GET", "POST"])
@team_required
def password_dialog(request: TeamRequest, membership_id: int) -> HttpResponse:
    """Ask; then give the member a new password and go to its slip."""
    membership = _member(request, membership_id)

    def change() -> HttpResponse:
        members.give_new_password(membership, request.user)
        return _go_to("slips")

    return _dialog(request, "new_password", {"membership": membership}, change)


@require_http_methods(["GET", "POST"])
@team_required
def remove_dialog(request: TeamRequest, membership_id: int) -> HttpResponse:
    """Ask; then remove the member from the team."""
    membership = _member(request, membership_id)

    def change() -> HttpResponse:
        members.remove(membership)
        return dialogs.done()

    return _dialog(request, "remove_member", {"membership": membership}, change)


def _dialog(
    request: TeamRequest, template: str, context: dict[str, Any], change: Callable[[], HttpResponse]
) -> HttpResponse:
    """Ask, or make the change and answer as it says, or say why it was refused."""
    refusal = ""
    if request.method == "POST" and not (refusal := too_often(PeopleThrottle, request)):
        try:
            return change()
        except PersonRefused as error:
            refusal = str(error)
    status = 422 if refusal else 200
    return render(request, f"accounts/parts/{template}.html", {**context, "refusal": refusal}, status=status)


def _go_to(page: str) -> HttpResponse:
    return HttpResponse(status=204, headers={"HX-Redirect": reverse(page)})


def _member(request: TeamRequest, membership_id: int) -> Membership:
    """Return the person's membership of this team. Raises Http404, and PermissionDenied unless a coach asks."""
    rows: TeamQuerySet[Membership] = TeamQuerySet(Membership)
    membership = get_for_team(rows.select_related("user"), request.team, membership_id)
    check_coach(request)
    return membership


def check_coach(request: TeamRequest) -> None:
    """Raise PermissionDenied unless a coach of the team asks."""
    if not request.team.is_coached_by(request.user):
        raise PermissionDenied
