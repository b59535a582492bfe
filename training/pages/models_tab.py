"""The Models tab and its dialogs."""

import uuid
from contextlib import suppress
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_GET, require_http_methods, require_POST

from ftcml.accounts.pages.tabs import refresh_seconds, remember_tab
from ftcml.accounts.services.access import get_all_for_team, get_for_team, get_selected, team_required
from ftcml.accounts.services.team_request import TeamRequest
from ftcml.accounts.services.throttle import StartThrottle, too_often
from ftcml.core import dialogs
from ftcml.core.requests.tables import Part
from training.messages.state_words import MEANINGS
from training.models import TrainingJob
from training.pages import notifications
from training.pages.model_list import ModelList
from training.refusals import JobRefused
from training.services import jobs
from training.services.lineage import Deletion
from training.services.progress import live, packaged
from training.services.selection import Selection
from training.services.waiting import waits
from training.states import ON_ITS_WAY, JobState
from training.trash import moving

MODELS_A_PAGE = 50


@require_GET
@team_required
def model_list(request: TeamRequest) -> HttpResponse:
    remember_tab(request, "models")
    return render(request, "training/list.html", {"tab": "models", **_table(request)})


@require_GET
@team_required
@cache_control(private=True, no_cache=True)
@conditional_page
def model_table(request: TeamRequest) -> HttpResponse:
    """The part of the tab that refreshes: buttons and table, for the rows selected in the query."""
    return render(request, "training/parts/table.html", _table(request))


def _table(request: TeamRequest) -> dict[str, Any]:
    models = ModelList(request.team, request.GET)
    selected = get_selected(TrainingJob.objects.select_related("parent"), request.team, request.GET.getlist("job"))
    part = Part.of(models, models.found(), MODELS_A_PAGE, request.GET.get("page"), selected)
    shown = list(part.page)
    is_alive = any(job.state in ON_ITS_WAY for job in shown)
    being_packaged = packaged(shown)
    ended = notifications.ends(TrainingJob.objects.for_team(request.team), request.GET.get("since", ""))
    return {
        **part.context(),
        "rows": [(job, live(job)) for job in shown],
        "waits": waits(shown),
        "packaged": being_packaged,
        "selection": Selection.of(selected),
        "refresh_seconds": refresh_seconds(is_alive or bool(being_packaged)),
        "hidden_seconds": notifications.HIDDEN_SECONDS if is_alive else None,
        "title": notifications.list_title(ended),
        "since": notifications.now,  # a page that is not being opened does not ask
        "ends": ended,
        "meanings": MEANINGS,
    }


@require_http_methods(["GET", "POST"])
@team_required
def stop_dialog(request: TeamRequest) -> HttpResponse:
    chosen = _chosen(request)
    if request.method == "GET":
        return render(request, "training/parts/stop_dialog.html", {"jobs": chosen})
    for job in chosen:
        with suppress(TrainingJob.DoesNotExist):  # deleted by another since it was chosen
            jobs.request_stop(job, by=request.user)
    return dialogs.done()


@require_POST
@team_required
def retry(request: TeamRequest, job_id: uuid.UUID) -> HttpResponse:
    """One click: queue a job that could not be queued before, or say why it still cannot."""
    job = get_for_team(TrainingJob.objects, request.team, job_id)
    refusal = too_often(StartThrottle, request)
    if not refusal:
        try:
            job = jobs.retry(job, by=request.user)
            refusal = job.state_reason if job.state == JobState.TRY_AGAIN_LATER else ""
        except JobRefused as error:
            refusal = str(error)
    if refusal:
        return render(request, "training/parts/cannot_start.html", {"refusals": [refusal]}, status=422)
    return dialogs.done()


@require_http_methods(["GET", "POST"])
@team_required
def delete_dialog(request: TeamRequest) -> HttpResponse:
    """Ask, and say which of the selected models cannot go and why; then move those to the trash that can."""
    chosen = _chosen(request)
    if request.method == "GET":
        deletion = Deletion.of(chosen)
        template = "training/parts/delete_dialog.html"
        return dialogs.ask_to_delete(request, template, deletion.possible, deletion.refusals)
    return dialogs.deleted(request, "model", "job", moving.move_all(chosen, by=request.user))


def _chosen(request: TeamRequest) -> list[TrainingJob]:
    ids = (request.GET if request.method == "GET" else request.POST).getlist("job")
    return get_all_for_team(TrainingJob.objects, request.team, ids)
