"""The page of a team's people: everybody sees it, and coaches change it. And everybody's own password."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_safe

from ftcml.accounts.models import Membership, User
from ftcml.accounts.pages.forms import NamesForm
from ftcml.accounts.services import members
from ftcml.accounts.services.access import TeamQuerySet, get_for_team, team_required
from ftcml.accounts.services.members import Account
from ftcml.accounts.services.people import PersonRefused
from ftcml.accounts.services.team_request import TeamRequest
from ftcml.accounts.services.throttle import PeopleThrottle, too_often


@require_safe
@team_required
def people_page(request: TeamRequest) -> HttpResponse:
    context = {"rows": members.rows(request.team), "is_coach": request.team.is_coached_by(request.user)}
    return render(request, "accounts/people.html", context)


@require_http_methods(["GET", "POST"])
@team_required
def add_dialog(request: TeamRequest) -> HttpResponse:
    """Ask for names; then show the new accounts with their passwords, this once."""
    _check_coach(request)
    form = NamesForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "most": members.MOST_AT_ONCE}

    def add() -> list[Account]:
        try:
            return members.add(request.team, form.lines)
        except PersonRefused as refusal:
            form.add_error("names", str(refusal))
            raise

    return _dialog(request, "add_members", context, add)


@require_http_methods(["GET", "POST"])
@team_required
def password_dialog(request: TeamRequest, membership_id: int) -> HttpResponse:
    """Ask; then show the member's new password, this once."""
    membership = _member(request, membership_id)
    return _dialog(request, "new_password", {"membership": membership}, lambda: [members.give_new_password(membership)])


@require_http_methods(["GET", "POST"])
@team_required
def remove_dialog(request: TeamRequest, membership_id: int) -> HttpResponse:
    """Ask; then let the member go."""
    membership = _member(request, membership_id)
    return _dialog(request, "remove_member", {"membership": membership}, lambda: members.remove(membership))


@method_decorator(require_http_methods(["GET", "HEAD", "POST"]), name="dispatch")
class OwnPassword(PasswordChangeView):
    template_name = "accounts/password.html"
    success_url = reverse_lazy("home")

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if refusal := too_often(PeopleThrottle, request):
            context = self.get_context_data(form=self.get_form_class()(cast(User, request.user)), refusal=refusal)
            return render(request, self.template_name, context, status=429)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        messages.success(
            self.request,
            "Your password is changed. Sign in again in other browsers, and make new tokens for your programs.",
        )
        return super().form_valid(form)


def _dialog(
    request: TeamRequest, template: str, context: dict[str, Any], change: Callable[[], list[Account] | None]
) -> HttpResponse:
    """Ask, or make the change and show the accounts that it gave a password, or say why it was refused."""
    refusal = ""
    if request.method == "POST" and not (refusal := too_often(PeopleThrottle, request)):
        try:
            accounts = change()
        except PersonRefused as error:
            refusal = str(error)
        else:
            return _changed(request, accounts)
    status = 422 if refusal else 200
    return render(request, f"accounts/parts/{template}.html", {**context, "refusal": refusal}, status=status)


def _changed(request: TeamRequest, accounts: list[Account] | None) -> HttpResponse:
    if accounts is None:
        return HttpResponse(status=204, headers={"HX-Trigger": "dialog-done, list-changed"})
    response = render(request, "accounts/parts/new_accounts.html", {"accounts": accounts})
    response["HX-Trigger"] = "list-changed"
    return response


def _member(request: TeamRequest, membership_id: int) -> Membership:
    """The person's membership of this team. Raises Http404, and PermissionDenied for whoever is no coach."""
    rows: TeamQuerySet[Membership] = TeamQuerySet(Membership)
    membership = get_for_team(rows.select_related("user"), request.team, membership_id)
    _check_coach(request)
    return membership


def _check_coach(request: TeamRequest) -> None:
    if not request.team.is_coached_by(request.user):
        raise PermissionDenied
