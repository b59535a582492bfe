"""The dialog that gives a model another name."""

import uuid

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from ftcml.accounts.services.access import get_for_team, team_required
from ftcml.accounts.services.team_request import TeamRequest
from ftcml.core.requests.parameters import Text, longest
from training.models import TrainingJob
from training.refusals import JobRefused
from training.services import jobs


class RenameForm(forms.Form):
    """The new name. Whether a model may have it is decided by jobs.rename."""

    max_description = longest(TrainingJob, "description")

    description = Text(
        label="Description",
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "autofocus": True, "maxlength": max_description}),
    )


@require_http_methods(["GET", "POST"])
@team_required
def rename_dialog(request: TeamRequest, job_id: uuid.UUID) -> HttpResponse:
    job = get_for_team(TrainingJob.objects, request.team, job_id)
    if request.method == "GET":
        form = RenameForm(initial={"description": job.description})
        return render(request, "training/parts/rename_dialog.html", {"job": job, "form": form})
    form = RenameForm(request.POST)
    if form.is_valid():
        try:
            jobs.rename(job, form.cleaned_data["description"])
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})  # the name also stands outside the head
        except JobRefused as refusal:
            form.add_error("description", str(refusal))
    return render(request, "training/parts/rename_dialog.html", {"job": job, "form": form}, status=422)
