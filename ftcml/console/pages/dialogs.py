"""What an operator does: each action is asked about in a dialog, which stays open and says why where it is refused."""

import uuid
from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from ftcml.accounts.services.team_request import PersonRequest
from ftcml.console import messages
from ftcml.console.models import MaintenancePage
from ftcml.console.pages.access import operator_required
from ftcml.console.pages.asking import asked, typed
from ftcml.console.pages.forms import BannerForm, MinutesForm, WordsForm
from ftcml.console.services import minutes, storage_use, switches, trainings
from ftcml.console.services.refusals import ActionRefused
from ftcml.core.dialogs import done
from ftcml.core.requests.parameters import longest
from training.models import TrainingSwitch
from training.trash import team_trash


def _refused(request: PersonRequest, refusal: str) -> HttpResponse:
    return render(request, "console/parts/refused.html", {"refusals": [refusal]}, status=422)


# --- trainings ------------------------------------------------------------------------------------


@operator_required
@require_http_methods(["GET", "POST"])
def stop(request: PersonRequest, job_id: uuid.UUID) -> HttpResponse:
    job = trainings.any_team_job(job_id)
    if request.method == "GET":
        return render(request, "console/parts/stop_dialog.html", {"job": job})
    try:
        trainings.stop(request.user, job)
    except ActionRefused as refusal:
        return _refused(request, str(refusal))
    return done()


@operator_required
@require_POST
def retry(request: PersonRequest, job_id: uuid.UUID) -> HttpResponse:
    """One click: queue a training that could not be queued before, or say why it still cannot."""
    try:
        refusal = trainings.retry(request.user, trainings.any_team_job(job_id))
    except ActionRefused as refused:
        refusal = str(refused)
    return _refused(request, refusal) if refusal else done()


# --- minutes --------------------------------------------------------------------------------------


@operator_required
@require_http_methods(["GET", "POST"])
def grant(request: PersonRequest, team_id: int | None = None) -> HttpResponse:
    """To one team, or to all where the address names none."""
    chosen, form = _chosen(team_id), MinutesForm(typed(request))
    return asked(
        request,
        form,
        "grant_dialog",
        {"chosen": chosen},
        lambda given: minutes.grant(request.user, chosen, given["minutes"]),
    )


@operator_required
@require_http_methods(["GET", "POST"])
def reset(request: PersonRequest, team_id: int | None = None) -> HttpResponse:
    """One team's, or all teams' where the address names none."""
    chosen = _chosen(team_id)
    if request.method == "POST":
        minutes.reset(request.user, chosen)
        return done()
    context = {"chosen": chosen, "allowance": minutes.server_allowance()}
    return render(request, "console/parts/reset_dialog.html", context)


def _chosen(team_id: int | None) -> minutes.Chosen:
    return minutes.Chosen.all() if team_id is None else minutes.Chosen.one(team_id)


# --- switches -------------------------------------------------------------------------------------


@operator_required
@require_http_methods(["GET", "POST"])
def training_off(request: PersonRequest) -> HttpResponse:
    form = WordsForm(typed(request))
    context = {"longest": longest(TrainingSwitch, "reason")}
    return asked(
        request,
        form,
        "training_off_dialog",
        context,
        lambda given: switches.switch_training_off(request.user, given["words"]),
    )


@operator_required
@require_POST
def training_on(request: PersonRequest) -> HttpResponse:
    switches.switch_training_on(request.user)
    return done()


@operator_required
@require_http_methods(["GET", "POST"])
def maintenance_on(request: PersonRequest) -> HttpResponse:
    last = MaintenancePage.now().sentence or messages.UPDATING
    form = WordsForm(typed(request), initial={"words": last})
    context = {"longest": longest(MaintenancePage, "sentence")}
    return asked(
        request,
        form,
        "maintenance_dialog",
        context,
        lambda given: switches.begin_maintenance(request.user, given["words"]),
    )


@operator_required
@require_POST
def maintenance_off(request: PersonRequest) -> HttpResponse:
    switches.end_maintenance(request.user)
    return done()


@operator_required
@require_http_methods(["GET", "POST"])
def banner_on(request: PersonRequest) -> HttpResponse:
    form = BannerForm(typed(request), initial={"words": MaintenancePage.now().banner})

    def act(given: dict[str, str]) -> None:
        try:
            switches.show_banner(request.user, given["words"], timedelta(hours=int(given["lasts"])))
        except ActionRefused as refused:
            form.add_error("words", str(refused))
            raise

    return asked(request, form, "banner_dialog", {"longest": longest(MaintenancePage, "banner")}, act)


@operator_required
@require_POST
def banner_off(request: PersonRequest) -> HttpResponse:
    switches.hide_banner(request.user)
    return done()


# --- storage --------------------------------------------------------------------------------------


@operator_required
@require_POST
def measure(request: PersonRequest) -> HttpResponse:
    """One click; the numbers follow when a worker has measured."""
    storage_use.measure_soon(request.user)
    return done()


@operator_required
@require_http_methods(["GET", "POST"])
def empty_trash(request: PersonRequest) -> HttpResponse:
    """Ask; then delete for good what all teams have in their trash."""
    if request.method == "GET":
        return render(request, "console/parts/empty_trash_dialog.html", {"count": len(team_trash.oldest_first())})
    storage_use.empty_trash(request.user)
    return done()
