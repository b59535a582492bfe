"""The page on which people say about what they want e-mail."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from ftcml.accounts.services.access import team_required
from ftcml.accounts.services.team_request import TeamRequest
from ftcml.core import mail
from ftcml.integrations.messages import MAIL_SAVED
from ftcml.integrations.pages.forms import MailForm
from ftcml.integrations.services import mailing


@require_http_methods(["GET", "HEAD", "POST"])
@team_required
def mail_page(request: TeamRequest) -> HttpResponse:
    form = MailForm(
        request.POST if request.method == "POST" else None, initial={"trainings": mailing.wish_of(request.user)}
    )
    if form.is_valid():
        mailing.set_wish(request.user, form.cleaned_data["trainings"])
        messages.success(request, MAIL_SAVED)
        return redirect("notifications")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "is_set": mail.is_set(), "support_contact": settings.SUPPORT_CONTACT}
    return render(request, "integrations/mail.html", context, status=status)
