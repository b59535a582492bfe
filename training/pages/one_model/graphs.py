"""The Graphs page of one model: its curves, the verdict on them, and the same numbers as files."""

import uuid
from dataclasses import asdict

from django.http import FileResponse, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_GET

from ftcml.accounts.services.access import get_for_team, team_required
from ftcml.accounts.services.team_request import TeamRequest
from ftcml.core.files.streams import begun
from training.delivery import metric_files, model_downloads
from training.insight import curves
from training.insight.curves import TooManyCompared
from training.messages import metric_names
from training.messages import result_words as messages
from training.models import TrainingJob
from training.pages.forms import CurvesForm
from training.pages.one_model.model_head import shell
from training.pages.shared_answers import shared
from training.services import lineage


@require_GET
@team_required
def job_graphs(request: TeamRequest, job_id: uuid.UUID) -> HttpResponse:
    job = get_for_team(TrainingJob.objects.with_results(), request.team, job_id)
    try:
        chosen = curves.compared(request.team, job, request.GET.getlist("with"))
        refusal = ""
    except TooManyCompared as error:
        chosen, refusal = [], str(error)
    tags = job.metric_points.values_list("tag", flat=True).order_by("tag").distinct()
    context = {
        **shell(request, job, "job-graphs"),
        "first": metric_names.FIRST,
        "groups": [
            (group, metric_names.ABOUT_GROUPS[group], [one for one in metrics if one not in metric_names.FIRST])
            for group, metrics in metric_names.by_group(tags).items()
        ],
        "chosen": chosen,
        "comparable": curves.comparable(job, chosen),
        "most_compared": curves.MOST_COMPARED,
        "most_offered": curves.MOST_OFFERED,
        "refusal": refusal,
    }
    return render(request, "training/graphs.html", context)


@require_GET
@team_required
@cache_control(private=True, no_cache=True)
@conditional_page
@shared
def graphs_part(request: TeamRequest, job_id: uuid.UUID) -> HttpResponse:
    """The part of the Graphs page that refreshes: the head and the verdict."""
    job = get_for_team(TrainingJob.objects.with_results(), request.team, job_id)
    return render(request, "training/parts/graphs_head.html", shell(request, job, "job-graphs"))


@require_GET
@team_required
@cache_control(private=True, no_cache=True)
@conditional_page
@shared
def job_curves(request: TeamRequest, job_id: uuid.UUID) -> HttpResponse:
    """The curves of the model after all that it goes on from, and of those it is compared with.

    400 with a sentence for more models than can be compared, or a step that is no number.
    """
    job = get_for_team(TrainingJob.objects.with_results(), request.team, job_id)
    form = CurvesForm(request.GET)
    if not form.is_valid():
        return JsonResponse({"detail": messages.NO_STEP}, status=400)
    try:
        others = curves.compared(request.team, job, request.GET.getlist("with"))
    except TooManyCompared as refusal:
        return JsonResponse({"detail": str(refusal)}, status=400)
    line = lineage.line(job)
    of_all = [asdict(one) for one in curves.curves([*line, *others], since=form.cleaned_data["since"] or 0)]
    live = curves.live_losses(job)
    return JsonResponse({"lineage": of_all[: len(line)], "compared": of_all[len(line) :], "live": live})


@require_GET
@team_required
def metrics_table(request: TeamRequest, job_id: uuid.UUID) -> StreamingHttpResponse:
    job = get_for_team(TrainingJob.objects.with_results(), request.team, job_id)
    filename = f"{model_downloads.stem(job)}-metrics.csv"
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    lines = begun(metric_files.csv_lines(job), f"the metrics of job {job.pk}")
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


@require_GET
@team_required
def tensorboard_files(request: TeamRequest, job_id: uuid.UUID) -> FileResponse:
    job = get_for_team(TrainingJob.objects.with_results(), request.team, job_id)
    filename = f"{model_downloads.stem(job)}-tensorboard.zip"
    return FileResponse(metric_files.tensorboard_zip(job), as_attachment=True, filename=filename)
