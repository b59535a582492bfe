"""Sign in, and choose a team."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ftcml.accounts.pages.forms import SignInForm
from ftcml.accounts.pages.tabs import last_tab
from ftcml.accounts.services.access import team_required
from ftcml.accounts.services.guessing import TooManyTries
from ftcml.accounts.services.team_request import PersonRequest, TeamRequest
from ftcml.core.busy import Busy
from ftcml.core.requests.parameters import whole_number


@method_decorator(require_http_methods(["GET", "HEAD", "POST"]), name="dispatch")
class SignIn(LoginView):
    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return super().post(request, *args, **kwargs)
        except TooManyTries as refusal:
            return self._refused(refusal, 429)
        except Busy as refusal:
            return self._refused(refusal, 503)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        if form.cleaned_data["keep"]:
            self.request.session.set_expiry(settings.KEPT_SESSION_SECONDS)
        return response

    def _refused(self, refusal: Exception, status: int) -> HttpResponse:
        context = self.get_context_data(form=self.get_form_class()(self.request), refusal=str(refusal))
        return self.render_to_response(context, status=status)


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
@login_required
def choose_team(request: PersonRequest) -> HttpResponse:
    """Make one of the person's own teams the active one, and show it."""
    chosen = whole_number(request.POST.get("team", ""))
    team = None if chosen is None else request.user.teams().filter(pk=chosen).first()
    if team is None:
        raise Http404("You are not in that team.")
    request.user.active_team = team
    request.user.save(update_fields=["active_team"])
    return redirect("home")
