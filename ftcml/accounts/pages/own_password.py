"""The page on which people change their own password."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from ftcml.accounts.messages import PASSWORD_CHANGED
from ftcml.accounts.models import User
from ftcml.accounts.pages.forms import OwnPasswordForm
from ftcml.accounts.pages.middleware import active_team
from ftcml.accounts.services.sign_on import sessions
from ftcml.accounts.services.throttle import PeopleThrottle, too_often
from ftcml.audit.services import access_log


@method_decorator(require_http_methods(["GET", "HEAD", "POST"]), name="dispatch")
class OwnPassword(PasswordChangeView):
    template_name = "accounts/password.html"
    form_class = OwnPasswordForm
    success_url = reverse_lazy("home")

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if refusal := too_often(PeopleThrottle, request):
            context = self.get_context_data(form=self.get_form_class()(cast(User, request.user)), refusal=refusal)
            return render(request, self.template_name, context, status=429)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        messages.success(self.request, PASSWORD_CHANGED)
        before = self.request.session.session_key
        answer = super().form_valid(form)
        sessions.moved(before, self.request.session)
        team = active_team(cast(User, self.request.user))
        access_log.record(access_log.Kind.PASSWORD, team.pk if team else None)
        return answer
