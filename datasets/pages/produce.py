"""The Produce Dataset dialog of the Videos tab: what a choice comes to, live, and how far the worker is."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from datasets.messages import production_words as messages
from datasets.models import Dataset
from datasets.pages.produce_form import ProduceForm
from datasets.production import versions
from datasets.production.choices import SplitMethod
from datasets.refusals import DatasetRefused
from datasets.services.labeling import production
from datasets.services.labeling.production import Preview
from ftcml.accounts.services.access import get_all_for_team, get_for_team, team_required
from ftcml.accounts.services.team_request import TeamRequest
from ftcml.accounts.services.throttle import ImportThrottle, too_often
from videos.models import Video


@require_http_methods(["GET", "POST"])
@team_required
def produce_dialog(request: TeamRequest) -> HttpResponse:
    """Ask how to produce a dataset from the selected videos. Then have it made, and show how far it is."""
    videos = _videos(request)
    previous = versions.latest(request.team, videos)
    if request.method == "GET":
        labels = production.label_counts(videos)
        form = ProduceForm(initial={"description": previous.description if previous else ""}, labels=list(labels))
        return _dialog(request, videos, form, previous)
    form = _posted(request)
    refusal = ""
    if form.is_valid() and not (refusal := too_often(ImportThrottle, request)):
        said = form.cleaned_data
        try:
            is_next = said["is_next_version"] and previous is not None
            dataset = production.request(
                request.team, request.user, said["description"], videos, form.choices(), is_next
            )
            response = render(request, "datasets/parts/produce_started.html", {"dataset": dataset})
            response["HX-Trigger"] = "list-changed"
            return response
        except DatasetRefused as error:
            refusal = str(error)
    return _dialog(request, videos, form, previous, refusal)


def _dialog(
    request: TeamRequest, videos: Sequence[Video], form: ProduceForm, previous: Dataset | None, refusal: str = ""
) -> HttpResponse:
    next_version = versions.next_number(previous, previous.description) if previous else 0
    context = {
        "videos": videos,
        "form": form,
        "refusal": refusal,
        "previous": previous,
        "has_reviewed": form["reviewed_only"].value() or production.has_reviewed(videos),
        "version_label": messages.next_version(previous.description, next_version) if previous else "",
        **(_report(request, videos, form) if form.is_bound else {}),
    }
    return render(request, "datasets/parts/produce_dialog.html", context, status=422 if form.is_bound else 200)


@require_POST
@team_required
def produce_report(request: TeamRequest) -> HttpResponse:
    """Return the live part of the dialog: what comes of the choices that the form has now."""
    videos = _videos(request)
    return render(request, "datasets/parts/produce_report.html", _report(request, videos, _posted(request)))


@require_GET
@team_required
def produce_progress(request: TeamRequest, dataset_id: str) -> HttpResponse:
    """Return how far the worker is. The dialog asks until it's done."""
    dataset = get_for_team(Dataset.objects, request.team, dataset_id)
    return render(request, "datasets/parts/produce_progress.html", {"dataset": dataset})


def _report(request: TeamRequest, videos: Sequence[Video], form: ProduceForm) -> dict[str, Any]:
    """What the live part shows."""
    form.is_valid()
    if wrong := form.wrong_choice():
        told, by_video = Preview(refusal=wrong), form["method"].value() == SplitMethod.VIDEOS
        return {"report": told, "videos": videos, "is_by_video": by_video, "kept": form.kept}
    choices = form.choices()
    told = production.preview(request.team, videos, choices)
    slips = [
        (form.id_of(use.label), use.near, messages.near_miss(use.name, use.near)) for use in told.labels if use.near
    ]
    return {
        "report": told,
        "videos": videos,
        "left_out": messages.left_out(told.unfinished, told.ignored, told.gap, told.unreviewed),
        "slips": slips,
        "is_by_video": choices.method == SplitMethod.VIDEOS,
        "kept": choices.kept,
    }


def _videos(request: TeamRequest) -> list[Video]:
    asked = request.GET if request.method == "GET" else request.POST
    return get_all_for_team(Video.objects.order_by("created", "id"), request.team, asked.getlist("video"))


def _posted(request: TeamRequest) -> ProduceForm:
    """Return the form as it was sent, with the labels that it was opened with."""
    return ProduceForm(request.POST, labels=request.POST.getlist("label"), kept=request.POST.getlist("kept"))
