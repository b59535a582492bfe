"""The Start Training pop-up, the Models tab, and the pages and files of one model."""

import uuid
from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_GET, require_http_methods, require_POST

from datasets.models import Dataset, Split
from datasets.totals import totals
from ftcml.accounts.access import get_all_for_team, get_for_team, team_required
from ftcml.accounts.tabs import refresh_seconds, remember_tab
from ftcml.accounts.throttle import StartThrottle, too_often
from training import downloads, jobs, trainer_log
from training.detector import catalog
from training.forms import PlanForm, StartForm
from training.jobs import JobRefused
from training.metrics_table import latest_metrics
from training.model_table import ModelTable
from training.models import TrainerLog, TrainingJob
from training.plan import plan
from training.progress import live
from training.selection import MODEL_IS_COMING, Selection, model_is_coming
from training.states import ALIVE, MEANINGS, STOPPABLE, JobState

MODELS_A_PAGE = 50
DONE = {"HX-Trigger": "dialog-done, list-changed"}


# --- start training -------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@team_required
def start_dialog(request: HttpRequest) -> HttpResponse:
    ids = (request.GET if request.method == "GET" else request.POST).getlist("dataset")
    chosen = get_all_for_team(Dataset.objects, request.team, ids)
    if request.method == "POST":
        return _start(request, chosen)
    try:
        steps = plan(request.team, chosen, catalog.DEFAULT, 0).advised_steps
        minutes = plan(request.team, chosen, catalog.DEFAULT, steps).advised_minutes
    except JobRefused as refusal:
        return render(request, "training/parts/cannot_start.html", {"refusals": [str(refusal)]})
    form = StartForm(initial={"training_steps": steps, "max_minutes": minutes, "job_id": uuid.uuid4()})
    context = {"form": form, "datasets": chosen, **_planned(request, chosen, form.initial_values())}
    return render(request, "training/parts/start_dialog.html", context)


def _start(request: HttpRequest, chosen: list[Dataset]) -> HttpResponse:
    form = StartForm(request.POST)
    refusal = ""
    if form.is_valid() and not (refusal := too_often(StartThrottle, request)):
        try:
            job_id = _started(request, chosen, **form.cleaned_data)
            return HttpResponse(status=204, headers={"HX-Redirect": f"{reverse('models')}#job-{job_id}"})
        except JobRefused as error:
            refusal = str(error)
    context = {"form": form, "datasets": chosen, "refusal": refusal, **_planned(request, chosen, request.POST)}
    return render(request, "training/parts/start_dialog.html", context, status=422)


def _started(request: HttpRequest, chosen: list[Dataset], job_id: uuid.UUID, **choices: object) -> uuid.UUID:
    """Start the job, unless this same form started it before: then its answer was lost on the way."""
    mine = TrainingJob.objects.for_team(request.team).filter(pk=job_id)
    if not mine.exists():
        try:
            jobs.start(request.team, request.user, chosen, job_id=job_id, **choices)
        except IntegrityError:
            if not mine.exists():
                raise
    return job_id


@require_GET
@team_required
def training_plan(request: HttpRequest) -> HttpResponse:
    """The live part of the pop-up: every number for what the form says now."""
    chosen = get_all_for_team(Dataset.objects, request.team, request.GET.getlist("dataset"))
    return render(request, "training/parts/plan.html", _planned(request, chosen, request.GET))


def _planned(request: HttpRequest, chosen: list[Dataset], choices: Mapping[str, object]) -> dict:
    """What the plan part shows for these choices."""
    form = PlanForm(choices)
    form.is_valid()
    model, steps, minutes = (form.cleaned_data.get(name) for name in form.fields)
    try:
        return {"plan": plan(request.team, chosen, model or "", steps or 0, minutes), "steps": steps}
    except JobRefused as refusal:
        return {"plan_refusal": str(refusal)}


# --- models tab -----------------------------------------------------------------------------------


@require_GET
@team_required
def model_list(request: HttpRequest) -> HttpResponse:
    remember_tab(request, "models")
    return render(request, "training/list.html", {"tab": "models", **_table(request)})


@require_GET
@team_required
@cache_control(private=True, no_cache=True)
@conditional_page
def model_table(request: HttpRequest) -> HttpResponse:
    """The part of the tab that refreshes: buttons and table, for the ticks in the query."""
    return render(request, "training/parts/table.html", _table(request))


def _table(request: HttpRequest) -> dict:
    paginator = Paginator(TrainingJob.objects.for_team(request.team), MODELS_A_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    shown = list(page)
    ticked = set(request.GET.getlist("job"))
    return {
        "page": page,
        "page_numbers": paginator.get_elided_page_range(page.number),
        "rows": [(job, live(job)) for job in shown],
        "selection": Selection.of([job for job in shown if str(job.pk) in ticked]),
        "refresh_seconds": refresh_seconds(any(job.state in ALIVE for job in shown) or model_is_coming(shown)),
        "meanings": MEANINGS,
    }


@require_http_methods(["GET", "POST"])
@team_required
def stop_dialog(request: HttpRequest) -> HttpResponse:
    chosen = _chosen(request)
    if request.method == "GET":
        return render(request, "training/parts/stop_dialog.html", {"jobs": chosen})
    for job in chosen:
        jobs.request_stop(job, by=request.user)
    return HttpResponse(status=204, headers=DONE)


@require_POST
@team_required
def retry(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
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
    return HttpResponse(status=204, headers=DONE)


@require_http_methods(["GET", "POST"])
@team_required
def delete_dialog(request: HttpRequest) -> HttpResponse:
    """Ask, then delete every ticked model whose training has ended."""
    chosen = _chosen(request)
    if request.method == "GET":
        return render(request, "training/parts/delete_dialog.html", {"chosen": chosen})
    refusals = []
    for job in chosen:
        try:
            jobs.delete(job, by=request.user)
        except JobRefused as refusal:
            refusals.append(str(refusal))
    if not refusals:
        return HttpResponse(status=204, headers=DONE)
    context = {"refusals": refusals, "deleted_count": len(chosen) - len(refusals)}
    response = render(request, "training/parts/delete_refused.html", context, status=422)
    response["HX-Trigger"] = "list-changed"
    return response


def _chosen(request: HttpRequest) -> list[TrainingJob]:
    ids = (request.GET if request.method == "GET" else request.POST).getlist("job")
    return get_all_for_team(TrainingJob.objects, request.team, ids)


# --- one model ------------------------------------------------------------------------------------


@require_GET
@team_required
def job_details(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    may_read_log = trainer_log.may_read(request.user, request.team)
    context = {"tab": "models", "may_read_log": may_read_log, **_details(request, job_id)}
    return render(request, "training/details.html", context)


@require_GET
@team_required
@cache_control(private=True, no_cache=True)
@conditional_page
def job_part(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """The part of the Details page that refreshes."""
    return render(request, "training/parts/details.html", _details(request, job_id))


def _details(request: HttpRequest, job_id: uuid.UUID) -> dict:
    job = get_for_team(TrainingJob.objects, request.team, job_id)
    is_coming = model_is_coming([job])
    datasets = list(job.datasets.all())
    training, evaluation = totals(datasets, Split.TRAINING), totals(datasets, Split.EVALUATION)
    return {
        "job": job,
        "live": live(job),
        "datasets": datasets,
        "training": training,
        "evaluation": evaluation,
        "label_rows": [(name, training.label_counts[name], evaluation.label_counts[name]) for name in job.labels],
        "metrics": latest_metrics(job),
        "models": ModelTable.of(job),
        "events": list(job.events.all()),
        "can_stop": job.state in STOPPABLE,
        "model_note": MODEL_IS_COMING if is_coming else "",
        "refresh_seconds": refresh_seconds(job.state in ALIVE or is_coming),
    }


@require_GET
@team_required
@cache_control(private=True, no_cache=True)
@conditional_page
def job_log(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """The part of the Details page that a coach opens: the end of the trainer's log."""
    job = get_for_team(TrainingJob.objects, request.team, job_id)
    if not trainer_log.may_read(request.user, request.team):
        raise PermissionDenied
    return render(
        request,
        "training/parts/trainer_log.html",
        {
            "job": job,
            "log": TrainerLog.objects.filter(job=job).first(),
            "is_growing": job.state in ALIVE or model_is_coming([job]),
        },
    )


@require_GET
@team_required
def model_download(request: HttpRequest, job_id: uuid.UUID) -> HttpResponseBase:
    job = get_for_team(TrainingJob.objects, request.team, job_id)
    return downloads.model_file(job, request.GET.get("variant", ""))
