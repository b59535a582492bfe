"""Join a team with a code or an invitation: a guest makes an account, and who is signed in brings theirs.

A link has its key behind the #, which browsers send to no server, so no log has it. The page's script sends the key.
"""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from ftcml.accounts import messages as words
from ftcml.accounts.models import JoinKey
from ftcml.accounts.pages.entrances.join_forms import KeyForm, NewAccountForm
from ftcml.accounts.services.guessing import TooManyTries, try_key
from ftcml.accounts.services.membership import joining, keys
from ftcml.accounts.services.membership.people import PersonRefused
from ftcml.accounts.services.team_request import PersonRequest


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def join_page(request: HttpRequest) -> HttpResponse:
    """Ask for a code; then say which team it's for, and ask for what is needed to join."""
    if request.method != "POST":
        return _ask_for_key(request, KeyForm())
    key = _key(request)
    return _ask_to_join(request, key) if isinstance(key, JoinKey) else key


@require_POST
@sensitive_post_parameters("password1", "password2")
def join_account(request: HttpRequest) -> HttpResponse:
    """Make the account, sign in, and go where the team's work is."""
    if request.user.is_authenticated:
        return redirect("join")
    key = _key(request)
    if not isinstance(key, JoinKey):
        return key
    form = NewAccountForm(request.POST)
    if not form.is_valid():
        return _ask_to_join(request, key, form)
    try:
        user = joining.join_new(key, form.wanted, form.cleaned_data["password1"])
    except PersonRefused as refusal:
        form.add_error("name", str(refusal))
        return _ask_to_join(request, key, form)
    login(request, user, settings.AUTHENTICATION_BACKENDS[0])
    messages.success(request, words.welcome(str(key.team), user.username))
    return redirect("home")


@require_POST
@login_required
def join_team(request: PersonRequest) -> HttpResponse:
    """Put the signed-in person on the key's team."""
    key = _key(request)
    if not isinstance(key, JoinKey):
        return key
    try:
        joining.join(key, request.user)
    except PersonRefused as refusal:
        return _ask_to_join(request, key, refusal=str(refusal))
    messages.success(request, words.joined_team(str(key.team)))
    return redirect("home")


def _key(request: HttpRequest) -> JoinKey | HttpResponse:
    """Return the key that was sent, or the page that asks for it again. A wrong one counts as a guess."""
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _ask_for_key(request, form)
    try:
        key = try_key(request, lambda: keys.find(form.cleaned_data["key"]))
    except TooManyTries as refusal:
        return _ask_for_key(request, KeyForm(), str(refusal), 429)
    if key is None:
        form.add_error("key", words.NO_SUCH_KEY)
        return _ask_for_key(request, form)
    return key


def _ask_for_key(request: HttpRequest, form: KeyForm, refusal: str = "", status: int = 200) -> HttpResponse:
    return render(request, "accounts/join.html", {"form": form, "refusal": refusal}, status=status)


def _ask_to_join(
    request: HttpRequest, key: JoinKey, form: NewAccountForm | None = None, refusal: str = ""
) -> HttpResponse:
    typed = request.POST["key"]
    form = form or NewAccountForm(initial={"key": typed})
    return render(request, "accounts/join_team.html", {"key": key, "typed": typed, "form": form, "refusal": refusal})
