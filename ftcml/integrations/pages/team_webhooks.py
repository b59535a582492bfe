"""The pages of a team's webhooks, which its coaches see and change."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ftcml.accounts.services.access import check_coach, get_for_team, team_required
from ftcml.accounts.services.team_request import TeamRequest
from ftcml.accounts.services.throttle import WebhookThrottle, too_often
from ftcml.core import dialogs
from ftcml.integrations.models import Webhook
from ftcml.integrations.pages.forms import WebhookForm
from ftcml.integrations.services import webhooks
from ftcml.integrations.services.webhooks import WebhookRefused


@require_safe
@team_required
def webhooks_page(request: TeamRequest) -> HttpResponse:
    check_coach(request)
    hooks = webhooks.listed(request.team)
    context = {"hooks": hooks, "most": webhooks.MOST, "days": settings.WEBHOOK_FAILING_DAYS}
    return render(request, "integrations/webhooks.html", context)


@require_safe
@team_required
def deliveries_page(request: TeamRequest, webhook_id: int) -> HttpResponse:
    """Show one webhook, and what became of the latest messages to it."""
    hook = _hook(request, webhook_id)
    context = {"hook": webhooks.shown(hook), "deliveries": webhooks.latest_deliveries(hook)}
    return render(request, "integrations/deliveries.html", context)


@require_http_methods(["GET", "POST"])
@team_required
def add_dialog(request: TeamRequest) -> HttpResponse:
    """Ask for an address and events; then show the secret, this once."""
    check_coach(request)
    form = WebhookForm(request.POST if request.method == "POST" else None)

    def add(url: str, events: list[str]) -> HttpResponse:
        return _secret(request, webhooks.add(request.team, request.user, url, events)[1])

    return _dialog(request, "add_webhook", form, add)


@require_http_methods(["GET", "POST"])
@team_required
def change_dialog(request: TeamRequest, webhook_id: int) -> HttpResponse:
    """Ask for another address and other events."""
    hook = _hook(request, webhook_id)
    shown = {"url": hook.url, "events": hook.events}
    form = WebhookForm(request.POST if request.method == "POST" else None, initial=shown)

    def change(url: str, events: list[str]) -> HttpResponse:
        webhooks.change(hook, url, events)
        return dialogs.done()

    return _dialog(request, "change_webhook", form, change, hook)


@require_http_methods(["GET", "POST"])
@team_required
def secret_dialog(request: TeamRequest, webhook_id: int) -> HttpResponse:
    """Ask; then make a new secret and show it, this once."""
    hook = _hook(request, webhook_id)
    if request.method == "GET":
        return render(request, "integrations/parts/renew_secret.html", {"hook": hook})
    return _secret(request, webhooks.renew_secret(hook))


@require_http_methods(["GET", "POST"])
@team_required
def delete_dialog(request: TeamRequest, webhook_id: int) -> HttpResponse:
    """Ask; then delete the webhook."""
    hook = _hook(request, webhook_id)
    if request.method == "GET":
        return render(request, "integrations/parts/delete_webhook.html", {"hook": hook})
    hook.delete()
    return dialogs.done()


@require_POST
@team_required
def switch(request: TeamRequest, webhook_id: int) -> HttpResponse:
    """Turn the webhook on, or off where it says so."""
    hook = _hook(request, webhook_id)
    webhooks.switch(hook, bool(request.POST.get("on")))
    return dialogs.changed()


@require_POST
@team_required
def send_test(request: TeamRequest, webhook_id: int) -> HttpResponse:
    """Send a message about nothing."""
    hook = _hook(request, webhook_id)
    if refusal := too_often(WebhookThrottle, request):
        response = render(request, "parts/notice.html", {"sentence": refusal}, status=429)
        response["X-Notice"], response["HX-Reswap"] = "1", "none"
        return response
    webhooks.test(hook)
    return dialogs.changed()


def _hook(request: TeamRequest, webhook_id: int) -> Webhook:
    """Raises Http404 for another team's, and PermissionDenied unless a coach asks."""
    hook = get_for_team(Webhook.objects, request.team, webhook_id)
    check_coach(request)
    return hook


def _secret(request: TeamRequest, secret: str) -> HttpResponse:
    response = render(request, "integrations/parts/secret.html", {"secret": secret})
    response["HX-Trigger"] = "list-changed"
    return response


def _dialog(
    request: TeamRequest,
    template: str,
    form: WebhookForm,
    change: Callable[[str, list[str]], HttpResponse],
    hook: Webhook | None = None,
) -> HttpResponse:
    """Ask, or make the change and answer as it says, or say why it was refused."""
    refusal = ""
    if form.is_valid() and not (refusal := too_often(WebhookThrottle, request)):
        try:
            return change(form.cleaned_data["url"], form.cleaned_data["events"])
        except WebhookRefused as error:
            if error.field:
                form.add_error(error.field, str(error))
            else:
                refusal = str(error)
    context = {"form": form, "refusal": refusal, "hook": hook}
    status = 422 if request.method == "POST" else 200
    return render(request, f"integrations/parts/{template}.html", context, status=status)
