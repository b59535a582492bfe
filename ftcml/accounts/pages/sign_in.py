"""Sign in, and choose a team."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ftcml.accounts import messages
from ftcml.accounts.pages.forms import AGAIN, CodeForm, SignInForm
from ftcml.accounts.pages.page_owner import PageOwner
from ftcml.accounts.pages.signing_in import two_steps
from ftcml.accounts.pages.tabs import last_tab
from ftcml.accounts.services.access import FOR_A_TEAM, team_required
from ftcml.accounts.services.guessing import TooManyTries
from ftcml.accounts.services.team_request import PersonRequest, SiteRequest, TeamRequest
from ftcml.accounts.services.two_step import codes, halfway
from ftcml.core.busy import Busy
from ftcml.core.requests.parameters import whole_number

# Tells a page to send again what was refused.
_RESUMED = {"HX-Trigger": "page-resumed"}


@method_decorator(require_http_methods(["GET", "HEAD", "POST"]), name="dispatch")
class SignIn(LoginView):
    """The sign-in page, and the dialog in which the person of an open page signs in again."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    @property
    def _is_dialog(self) -> bool:
        return "HX-Request" in self.request.headers

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and "HX-Request" in request.headers:
            return HttpResponse(status=204, headers={"HX-Trigger": "signed-in"})
        return super().dispatch(request, *args, **kwargs)

    def get_template_names(self) -> list[str]:
        return ["accounts/parts/sign_in_again.html"] if self._is_dialog else [self.template_name]

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | ({"auto_id": AGAIN} if self._is_dialog else {})

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422 if self._is_dialog else 200)

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return super().post(request, *args, **kwargs)
        except TooManyTries as refusal:
            return self._refused(refusal, 429)
        except Busy as refusal:
            return self._refused(refusal, 503)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        page = PageOwner.sent_with(self.request)
        if page and page.person != form.get_user().pk:
            form.add_error(None, messages.ANOTHER_PERSON)
            return self.form_invalid(form)
        if codes.is_on(form.get_user()):
            return self._asked_for_code(form)
        response = super().form_valid(form)
        if self._is_dialog:
            return HttpResponse(status=204, headers={"HX-Trigger": "signed-in"})
        if form.cleaned_data["keep"]:
            self.request.session.set_expiry(settings.KEPT_SESSION_SECONDS)
        return response

    def _asked_for_code(self, form: AuthenticationForm) -> HttpResponse:
        keep, after = form.cleaned_data["keep"], self.get_redirect_url()
        halfway.begin(self.request.session, form.get_user(), keep, after)
        if self._is_dialog:
            return two_steps.code_form(self.request, CodeForm(auto_id=AGAIN))
        return redirect("sign-in-code")

    def _refused(self, refusal: Exception, status: int) -> HttpResponse:
        if self._is_dialog:
            form = SignInForm.again(self.request, {"username": self.request.POST.get("username", "")})
            return self.render_to_response(self.get_context_data(form=form, refusal=str(refusal)), status=422)
        context = self.get_context_data(form=self.get_form_class()(self.request), refusal=str(refusal))
        return self.render_to_response(context, status=status)


@require_safe
@never_cache
def session(request: SiteRequest) -> HttpResponse:
    """Tell an open page whether its person is still signed in, and the token that its forms need now."""
    return JsonResponse({"is_signed_in": request.user.is_authenticated, "token": get_token(request)})


# A page of another team is told so, as where it asks for data.
setattr(session, FOR_A_TEAM, True)


@require_safe
@team_required
def home(request: TeamRequest) -> HttpResponse:
    """The logo's target: the tab that this person saw last."""
    return redirect(last_tab(request))


@require_safe
@login_required
def no_team(request: PersonRequest) -> HttpResponse:
    """What a person without a team can do: an operator looks after the server, anybody else asks to be added."""
    if request.team:
        return redirect("home")
    if request.user.is_operator:
        return redirect("console")
    return render(request, "accounts/no_team.html")


@require_POST
def choose_team(request: PersonRequest) -> HttpResponse:
    """Make one of the person's own teams the active one, and show the page `next`, or the last tab.

    Where a page that was refused asks for it, it goes on as it was.
    """
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("home"))
    chosen = whole_number(request.POST.get("team", ""))
    team = None if chosen is None else request.user.teams().filter(pk=chosen).first()
    if team is None:
        raise Http404(messages.OTHER_TEAM)
    request.user.active_team = team
    request.user.save(update_fields=["active_team"])
    if "HX-Request" in request.headers:
        return HttpResponse(status=204, headers=_RESUMED)
    after = request.POST.get("next", "")
    is_ours = after.startswith("/") and after.isprintable() and url_has_allowed_host_and_scheme(after, None)
    return HttpResponseRedirect(after) if is_ours else redirect("home")
