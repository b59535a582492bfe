"""The page of one's own API tokens: what programs use to act for a person."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from ftcml.accounts import messages
from ftcml.accounts.pages.forms import TokenForm
from ftcml.accounts.services import api_tokens
from ftcml.accounts.services.access import team_required
from ftcml.accounts.services.team_request import TeamRequest
from ftcml.core import dialogs


@require_safe
@team_required
def tokens_page(request: TeamRequest) -> HttpResponse:
    is_coach = request.team.is_coached_by(request.user)
    context = {"tokens": api_tokens.of(request.user), "days": settings.TOKEN_DAYS, "is_coach": is_coach}
    return render(request, "accounts/tokens.html", context)


@require_http_methods(["GET", "POST"])
@team_required
def add_dialog(request: TeamRequest) -> HttpResponse:
    """Ask for a name and scopes; then show the new token, this once."""
    form, refusal = TokenForm(request.POST if request.method == "POST" else None), ""
    if form.is_valid():
        try:
            given = form.cleaned_data
            membership = request.user.memberships.get(team=request.team)
            key = api_tokens.make(membership, given["name"], given["scopes"])
        except api_tokens.TokenRefused as error:
            refusal = str(error)  # about no field: there are too many tokens
        else:
            response = render(request, "accounts/parts/new_token.html", {"key": key})
            response["HX-Trigger"] = "list-changed"
            return response
    context = {"form": form, "refusal": refusal}
    return render(request, "accounts/parts/add_token.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "POST"])
@team_required
def revoke_dialog(request: TeamRequest, token_id: int) -> HttpResponse:
    """Ask; then end the token. Another person's token does not exist."""
    token = api_tokens.of(request.user).filter(pk=token_id).first()
    if token is None:
        raise Http404(messages.NO_SUCH_TOKEN)
    if request.method == "GET":
        return render(request, "accounts/parts/revoke_token.html", {"token": token})
    api_tokens.revoke(token)
    return dialogs.done()
