"""The Start Training pop-up, and what the More Training pop-up shares with it."""

import uuid
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from datasets.models import Dataset
from detector.contract import catalog
from ftcml.accounts.services.access import get_all_for_team, team_required
from ftcml.accounts.services.team_request import TeamRequest
from ftcml.accounts.services.throttle import StartThrottle, too_often
from training.models import TrainingJob
from training.pages import planned
from training.pages.forms import MoreForm, StartForm
from training.reasons import Code, Refusal
from training.refusals import JobRefused
from training.services import jobs
from training.services.starting.dataset_warnings import warnings
from training.services.starting.names import unused_name
from training.services.starting.plan import TrainingPlan, plan
from training.services.starting.starting_offers import offers


@require_http_methods(["GET", "POST"])
@team_required
def start_dialog(request: TeamRequest) -> HttpResponse:
    ids = (request.GET if request.method == "GET" else request.POST).getlist("dataset")
    chosen = get_all_for_team(Dataset.objects, request.team, ids)
    if request.method == "POST":
        return _start(request, chosen)
    try:
        steps, minutes = planned.suggested(partial(plan, request.team, chosen, catalog.DEFAULT))
    except JobRefused as refusal:
        return render(request, "training/parts/cannot_start.html", {"refusals": [str(refusal)]})
    initial = {"training_steps": steps, "max_minutes": minutes, "job_id": uuid.uuid4()}
    initial["description"] = unused_name(request.team, str(chosen[0]))
    form = StartForm(initial=initial, offers=offers(request.team, chosen))
    return _dialog(request, form, chosen, form.initial_values())


def _start(request: TeamRequest, chosen: list[Dataset]) -> HttpResponse:
    form = StartForm(request.POST, offers=offers(request.team, chosen))
    refusal = ""
    try:
        if form.is_valid():
            start = partial(jobs.start, request.team, request.user, form.choices(chosen))
            job_id = start_once(request, form, start)
            address = f"{reverse('models')}#job-{job_id}"
            return HttpResponse(status=204, headers={"HX-Redirect": address})
    except JobRefused as error:
        refusal = form.refuse(error)
    return _dialog(request, form, chosen, request.POST, refusal)


def _dialog(
    request: TeamRequest, form: StartForm, chosen: list[Dataset], choices: Mapping[str, object], refusal: str = ""
) -> HttpResponse:
    context = {
        "form": form,
        "datasets": chosen,
        "refusal": refusal,
        "warnings": warnings(chosen),
        **_planned(request, chosen, choices),
    }
    return render(request, "training/parts/start_dialog.html", context, status=422 if form.is_bound else 200)


def start_once(request: TeamRequest, form: MoreForm, start: Callable[..., TrainingJob]) -> uuid.UUID:
    """Start the job of a valid form, unless this same form started it before: then its answer was lost on the way.

    The job's own id is made from the team and the form's, so that no form can name another team's job. Return it.
    Raises JobRefused, also for a person who starts too often.
    """
    if refusal := too_often(StartThrottle, request):
        raise JobRefused(Code.OTHER, text=refusal)
    job_id = uuid.uuid5(form.cleaned_data["job_id"], f"team {request.team.pk}")
    mine = TrainingJob.objects.for_team(request.team).filter(pk=job_id)
    if not mine.exists():
        try:
            start(job_id=job_id)
        except IntegrityError:
            if mine.exists():
                return job_id
            if TrainingJob.everything.for_team(request.team).filter(pk=job_id).exists():
                raise JobRefused(Refusal.IN_TRASH) from None
            raise
    return job_id


@require_GET
@team_required
def training_plan(request: TeamRequest) -> HttpResponse:
    """The live part of the pop-up: every number for what the form says now."""
    chosen = get_all_for_team(Dataset.objects, request.team, request.GET.getlist("dataset"))
    return render(request, "training/parts/plan.html", _planned(request, chosen, request.GET))


def _planned(request: TeamRequest, chosen: list[Dataset], choices: Mapping[str, object]) -> dict[str, Any]:
    """What the plan part shows for these choices."""
    asked = planned.Asked.of(choices)

    def plan_of(steps: int, minutes: int | None) -> TrainingPlan:
        return plan(request.team, chosen, asked.starting_model, steps, minutes)

    return {**planned.context(asked, plan_of), "plan_address": reverse("training-plan")}
