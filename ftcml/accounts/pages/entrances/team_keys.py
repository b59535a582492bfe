"""The dialogs in which a coach makes join codes, invites coaches and revokes either."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ftcml.accounts.models import JoinKey, Team
from ftcml.accounts.pages.entrances.join_forms import CodeChoicesForm, InvitationForm
from ftcml.accounts.pages.team_people import check_coach
from ftcml.accounts.services import room
from ftcml.accounts.services.access import TeamQuerySet, get_for_team, team_required
from ftcml.accounts.services.mailing import invitations
from ftcml.accounts.services.membership import keys
from ftcml.accounts.services.membership.keys import NewKey
from ftcml.accounts.services.membership.people import PersonRefused
from ftcml.accounts.services.team_request import PersonRequest, TeamRequest
from ftcml.accounts.services.throttle import PeopleThrottle, too_often
from ftcml.core import dialogs, mail, qr


@require_http_methods(["GET", "POST"])
@team_required
def code_dialog(request: TeamRequest) -> HttpResponse:
    """Ask for whom; then show the new code with its link and QR code, this once."""
    check_coach(request)
    form, refusal = CodeChoicesForm(request.POST if request.method == "POST" else None), ""
    if form.is_valid() and not (refusal := too_often(PeopleThrottle, request)):
        try:
            return shown(
                request, keys.make_code(request.team, request.user, form.cleaned_data["people"], form.duration)
            )
        except PersonRefused as error:
            form.add_error("people", str(error))
    context = {"form": form, "refusal": refusal}
    return render(request, "accounts/parts/make_code.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@team_required
def invite_dialog(request: TeamRequest) -> HttpResponse:
    """Ask for a mail address; then send the invitation, or show its link, this once."""
    check_coach(request)
    site = room.address_for_mail(request)
    return invite(request, request.team, lambda email: invitations.make(request.team, request.user, email, site))


def invite(request: PersonRequest, team: Team, make: Callable[[str], NewKey | None]) -> HttpResponse:
    """Answer the dialog that invites a coach of the team.

    `make` takes a mail address, or "" for a key to hand over, and returns that key. It may raise PersonRefused.
    """
    form, refusal = InvitationForm(request.POST if request.method == "POST" else None), ""
    if form.is_valid() and not (refusal := too_often(PeopleThrottle, request)):
        email = form.cleaned_data["email"] if mail.is_set() else ""
        try:
            made = make(email)
        except PersonRefused as error:
            refusal = str(error)
        else:
            return shown(request, made) if made else dialogs.done()
    context = {"form": form, "refusal": refusal, "chosen": team, "sends_mail": mail.is_set()}
    return render(request, "accounts/parts/invite_coach.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@team_required
def revoke_dialog(request: TeamRequest, key_id: int) -> HttpResponse:
    """Ask; then end the code or the invitation."""
    rows: TeamQuerySet[JoinKey] = TeamQuerySet(JoinKey)
    key = get_for_team(rows, request.team, key_id)
    check_coach(request)
    if request.method == "GET":
        return render(request, "accounts/parts/revoke_key.html", {"key": key})
    JoinKey.objects.filter(pk=key.pk).delete()
    return dialogs.done()


def shown(request: PersonRequest, made: NewKey) -> HttpResponse:
    """Show a key to hand over, this once."""
    link = f"{room.address_of(request)}{reverse('join')}#{made.text}"
    context = {"key": made.row, "text": made.text, "link": link, "code": qr.for_page(link), "site": _join_site(request)}
    response = render(request, "accounts/parts/new_key.html", context)
    response["HX-Trigger"] = "list-changed"
    return response


def _join_site(request: PersonRequest) -> str:
    """Return the address to type, as people say it: without http://."""
    return f"{room.address_of(request)}{reverse('join')}".split("://", 1)[-1]
