"""The More Training pop-up of one model."""

import uuid
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from datasets.models import Dataset
from ftcml.accounts.services.access import get_all_for_team, get_for_team, team_required
from ftcml.accounts.services.team_request import TeamRequest
from training.models import TrainingJob
from training.pages import planned
from training.pages.forms import MoreForm
from training.pages.start_training import start_once
from training.refusals import JobRefused
from training.services import jobs
from training.services.lineage import Offer
from training.services.starting.dataset_warnings import warnings
from training.services.starting.names import unused_name
from training.services.starting.plan import plan_more


@require_http_methods(["GET", "POST"])
@team_required
def more_dialog(request: TeamRequest, job_id: uuid.UUID) -> HttpResponse:
    parent = get_for_team(TrainingJob.objects, request.team, job_id)
    if request.method == "POST":
        return _train_more(request, parent)
    try:
        steps, minutes = planned.suggested(partial(plan_more, parent, []))
    except JobRefused as refusal:
        return render(request, "training/parts/cannot_start.html", {"refusals": [str(refusal)]})
    initial = {"training_steps": steps, "max_minutes": minutes, "job_id": uuid.uuid4()}
    initial["max_detections"] = parent.max_detections
    initial["description"] = unused_name(request.team, parent.description)
    form = MoreForm(initial=initial)
    return _dialog(request, parent, form, [], form.initial_values())


def _train_more(request: TeamRequest, parent: TrainingJob) -> HttpResponse:
    form = MoreForm(request.POST)
    extra = _extra(request, request.POST)
    refusal = ""
    try:
        if form.is_valid():
            start = partial(jobs.train_more, parent, request.user, form.choices(extra))
            job_id = start_once(request, form, start)
            # Not the Models tab: from there a browser would not leave the page, and with it the pop-up.
            address = reverse("job-details", args=[job_id])
            return HttpResponse(status=204, headers={"HX-Redirect": address})
    except JobRefused as error:
        refusal = form.refuse(error)
    return _dialog(request, parent, form, extra, request.POST, refusal)


def _dialog(
    request: TeamRequest,
    parent: TrainingJob,
    form: MoreForm,
    extra: list[Dataset],
    choices: Mapping[str, object],
    refusal: str = "",
) -> HttpResponse:
    offer = Offer.of(parent)
    context = {
        "form": form,
        "parent": parent,
        "offer": offer,
        "extra": extra,
        "refusal": refusal,
        "warnings": warnings([*offer.own, *extra]),
        **_planned(parent, extra, choices),
    }
    return render(request, "training/parts/more_dialog.html", context, status=422 if form.is_bound else 200)


@require_GET
@team_required
def more_plan(request: TeamRequest, job_id: uuid.UUID) -> HttpResponse:
    """The live part of the pop-up: every number for what the form says now."""
    parent = get_for_team(TrainingJob.objects, request.team, job_id)
    return render(request, "training/parts/plan.html", _planned(parent, _extra(request, request.GET), request.GET))


def _extra(request: TeamRequest, choices: QueryDict) -> list[Dataset]:
    """The selected datasets, on top of the parent's own."""
    ids = choices.getlist("dataset")
    return get_all_for_team(Dataset.objects, request.team, ids) if ids else []


def _planned(parent: TrainingJob, extra: list[Dataset], choices: Mapping[str, object]) -> dict[str, Any]:
    """What the plan part shows for these choices."""
    shown = planned.context(planned.Asked.of(choices), partial(plan_more, parent, extra))
    return {**shown, "plan_address": reverse("model-train-more-plan", args=[parent.pk])}
