"""The Try it page: the model at work in the browser."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from ftcml.accounts.services.access import get_for_team, team_required
from ftcml.accounts.services.team_request import TeamRequest
from training.delivery.playground import Playground
from training.models import TrainingJob
from training.pages.one_model.model_head import shell


@require_GET
@team_required
def job_try_it(request: TeamRequest, job_id: uuid.UUID) -> HttpResponse:
    job = get_for_team(TrainingJob.objects.with_results(), request.team, job_id)
    context = {**shell(request, job, "job-try-it"), "trial": Playground.of(job)}
    return render(request, "training/try_it.html", context)
