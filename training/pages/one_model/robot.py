"""The Robot code page of one model, and its downloads."""

import uuid

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from ftcml.accounts.services.access import get_for_team, team_required
from ftcml.accounts.services.team_request import TeamRequest
from ftcml.audit.services import access_log
from training.delivery import last_robot_code, robot_code
from training.delivery.model_files import ModelTable
from training.models import TrainingJob
from training.pages.one_model.model_head import shell
from training.services.selection import Selection
from training.states import TERMINAL


@require_GET
@team_required
def page(request: TeamRequest, job_id: uuid.UUID) -> HttpResponse:
    """The code for `?way=`, else for what the team used last, and `?variant=`; without a model, what to do first."""
    job = get_for_team(TrainingJob.objects.with_results(), request.team, job_id)
    context = shell(request, job, "robot-code")
    if not job.has_model:
        missing = {"refusal": Selection.of([job]).download_refusal, "has_ended": job.state in TERMINAL}
        return render(request, "training/robot_code.html", {**context, **missing})
    code = robot_code.of(job, _way(request), request.GET.get("variant", ""))
    rows = ModelTable.of(job).rows
    onnx = [row.file for row in rows if row.file.variant.startswith("onnx")]
    choices = {"ways": robot_code.WAYS, "rows": rows, "code": code, "onnx": onnx, "datasets": job.datasets.all()}
    return render(request, "training/robot_code.html", {**context, **choices})


@require_GET
@team_required
def file(request: TeamRequest, job_id: uuid.UUID, way: str, name: str) -> HttpResponse:
    """One file of code, or labels.txt."""
    code = _code(request, job_id, way)[1]
    text = code.file(name)
    last_robot_code.remember(request.team, code.way)
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers={"Content-Disposition": disposition})


@require_GET
@team_required
def archive(request: TeamRequest, job_id: uuid.UUID, way: str) -> FileResponse:
    """All that this way needs, in one zip."""
    job, code = _code(request, job_id, way)
    last_robot_code.remember(request.team, code.way)
    access_log.note(access_log.Kind.DOWNLOADED, job.team_id, str(job), access_log.Thing.MODEL)
    return FileResponse(robot_code.archive(job, code), as_attachment=True, filename=code.archive_name)


def _way(request: TeamRequest) -> robot_code.Way:
    if "way" not in request.GET:
        return last_robot_code.of(request.team)
    way = robot_code.way(request.GET["way"])
    last_robot_code.remember(request.team, way)
    return way


def _code(request: TeamRequest, job_id: uuid.UUID, way: str) -> tuple[TrainingJob, robot_code.RobotCode]:
    job = get_for_team(TrainingJob.objects.with_results(), request.team, job_id)
    return job, robot_code.of(job, robot_code.way(way), request.GET.get("variant", ""))
