"""The page that shows two models side by side."""

from dataclasses import asdict

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from ftcml.accounts.services.access import get_all_for_team, team_required
from ftcml.accounts.services.team_request import TeamRequest
from training.insight.comparison import ComparedFrame, Comparison, comparable
from training.messages import metric_names
from training.messages import result_words as messages
from training.models import TrainingJob

FRAMES_A_PAGE = 20


@require_GET
@team_required
def compare(request: TeamRequest) -> HttpResponse:
    """Compare the two models of the query; with one alone, offer those that it can be compared with."""
    asked = list(dict.fromkeys(request.GET.getlist("job")))
    by_id = {str(job.pk): job for job in get_all_for_team(TrainingJob.objects.with_results(), request.team, asked)}
    chosen = [by_id[key] for key in asked if key in by_id]
    if len(chosen) == 1:
        offered = {"tab": "models", "job": chosen[0], "others": comparable(chosen[0])}
        return render(request, "training/compare_with.html", offered)
    if len(chosen) != 2:
        raise Http404(messages.CHOOSE_TWO)
    compared = Comparison.of(*chosen)
    pages = Paginator(compared.frames, FRAMES_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "tab": "models",
        "compared": compared,
        "models": list(zip(compared.jobs, compared.headlines, strict=True)),
        "ap50": metric_names.metric(metric_names.MEAN_PRECISION_AT_50),
        "mean_precision": metric_names.metric(metric_names.MEAN_PRECISION),
        "page": page,
        "start": [_frame(frame) for frame in page],
        "page_numbers": list(pages.get_elided_page_range(page.number)),
    }
    return render(request, "training/compare.html", context)


def _frame(compared: ComparedFrame) -> dict[str, object]:
    frame = compared.frame
    return {
        "picture": reverse("dataset-frame", args=[frame.dataset_id, frame.frame_id]),
        "width": frame.width,
        "height": frame.height,
        "sides": [[asdict(box) for box in side.boxes] for side in compared.sides],
    }
