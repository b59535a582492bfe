"""The Details page of one model, the trainer's log and the model files."""

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, conditional_page, require_GET

from datasets.services.totals import totals
from datasets.split import Split
from ftcml.accounts.services.access import get_for_team, team_required
from ftcml.accounts.services.team_request import TeamRequest
from training.delivery import model_downloads
from training.delivery.model_files import ModelTable
from training.insight.curves import latest_metrics
from training.messages.model_words import what_the_weights_know
from training.models import TrainerLog, TrainingJob
from training.pages.one_model.model_head import shell
from training.pages.shared_answers import shared
from training.services.job_history import JobHistory
from training.services.lineage import ancestors, children
from training.services.selection import model_is_coming
from training.states import ALIVE
from training.worker.results import trainer_log


@require_GET
@team_required
def job_details(request: TeamRequest, job_id: uuid.UUID) -> HttpResponse:
    may_read_log = trainer_log.may_read(request.user, request.team)
    return render(request, "training/details.html", {"may_read_log": may_read_log, **_details(request, job_id)})


@require_GET
@team_required
@cache_control(private=True, no_cache=True)
@conditional_page
@shared
def job_part(request: TeamRequest, job_id: uuid.UUID) -> HttpResponse:
    """The part of the Details page that refreshes."""
    return render(request, "training/parts/details.html", _details(request, job_id))


def _details(request: TeamRequest, job_id: uuid.UUID) -> dict[str, Any]:
    job = get_for_team(TrainingJob.objects.with_results(), request.team, job_id)
    datasets = list(job.datasets.all())
    events = list(job.events.all())
    training, evaluation = totals(datasets, Split.TRAINING), totals(datasets, Split.EVALUATION)
    return {
        **shell(request, job, "job-details"),
        "known_objects": what_the_weights_know(job.started_from),
        "datasets": datasets,
        "training": training,
        "evaluation": evaluation,
        "label_rows": [(name, training.label_counts[name], evaluation.label_counts[name]) for name in job.labels],
        "metrics": latest_metrics(job),
        "models": ModelTable.of(job),
        "events": events,
        "story": JobHistory.of(events),
        "ancestors": ancestors(job),
        "children": children(job),
    }


@require_GET
@team_required
@cache_control(private=True, no_cache=True)
@conditional_page
def job_log(request: TeamRequest, job_id: uuid.UUID) -> HttpResponse:
    """The part of the Details page that a coach opens: the end of the trainer's log."""
    job = get_for_team(TrainingJob.objects.with_results(), request.team, job_id)
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


def _model_etag(request: TeamRequest, job_id: uuid.UUID) -> str:
    job = get_for_team(TrainingJob.objects.with_results(), request.team, job_id)
    return model_downloads.model_etag(job, request.GET.get("variant", ""))


@require_GET
@team_required
@cache_control(private=True, no_cache=True)
@condition(etag_func=_model_etag)
def model_download(request: TeamRequest, job_id: uuid.UUID) -> HttpResponseBase:
    job = get_for_team(TrainingJob.objects.with_results(), request.team, job_id)
    return model_downloads.model_file(job, request.GET.get("variant", ""))
