"""The Results page of one model: what a checkpoint is worth on the evaluation frames, label by label."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from ftcml.accounts.services.access import get_for_team, team_required
from ftcml.accounts.services.team_request import TeamRequest
from training.insight import checkpoint_results
from training.insight.checkpoint_results import Results
from training.models import TrainingJob
from training.pages.one_model.model_head import shell


@require_GET
@team_required
def job_results(request: TeamRequest, job_id: uuid.UUID) -> HttpResponse:
    job = get_for_team(TrainingJob.objects.with_results(), request.team, job_id)
    checkpoint = checkpoint_results.chosen(job, request.GET.get("step", ""))
    context = {
        **shell(request, job, "job-results"),
        "results": Results.of(job, checkpoint) if checkpoint else None,
        "steps": checkpoint_results.steps(job),
        "why_none": "" if checkpoint else checkpoint_results.why_none(job),
    }
    return render(request, "training/results.html", context)
