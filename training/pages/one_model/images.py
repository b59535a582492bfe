"""The Images page of one model: what each checkpoint found on the evaluation frames, beside what people labeled."""

import gzip
import hashlib
import re
import uuid
from dataclasses import asdict
from typing import Any

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_GET

from ftcml.accounts.services.access import get_for_team, team_required
from ftcml.accounts.services.team_request import TeamRequest
from ftcml.core.requests.parameters import whole_number
from training.insight import checkpoint_detections, checkpoint_images
from training.models import TrainingJob
from training.pages.one_model.model_head import shell
from training.pages.shared_answers import shared

_A_YEAR = 31_536_000
# In Accept-Encoding; with a weight of 0 it is what the client does not read.
_TAKES_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", re.IGNORECASE)


@require_GET
@team_required
def job_images(request: TeamRequest, job_id: uuid.UUID) -> HttpResponse:
    job = get_for_team(TrainingJob.objects.with_results(), request.team, job_id)
    frames = checkpoint_images.frames(job)
    start = {
        "frames": [_frame(frame) for frame in frames],
        "colors": checkpoint_images.colors(job.labels),
        "news": reverse("job-checkpoints", args=[job.pk]),
        **_checkpoints(job, 0),
    }
    context = {
        **shell(request, job, "job-images"),
        "start": start,
        "why_none": "" if start["checkpoints"] else checkpoint_detections.why_none(job),
        "shown": len(frames),
        "total": checkpoint_detections.evaluation_frames(job).count(),
    }
    return render(request, "training/images.html", context)


def _frame(frame: checkpoint_images.EvaluationFrame) -> dict[str, Any]:
    picture = reverse("dataset-frame", args=[frame.dataset_id, frame.frame_id])
    fix = f"{reverse('dataset-fix-labels', args=[frame.dataset_id])}?frame={frame.frame_id}"
    return {"picture": picture, "fix": fix, "name": frame.name, "width": frame.width, "height": frame.height}


def _checkpoints(job: TrainingJob, after: int) -> dict[str, Any]:
    """The checkpoints beyond the step `after`, and the parent's, with the addresses of their detections."""
    found = checkpoint_images.checkpoints(job, after)
    return {
        "best_step": job.best_step,
        "checkpoints": [
            {**asdict(checkpoint), "detections": reverse("job-detections", args=[job.pk, checkpoint.step])}
            for checkpoint in found
        ],
    }


@require_GET
@team_required
@cache_control(private=True, no_cache=True)
@conditional_page
@shared
def job_checkpoints(request: TeamRequest, job_id: uuid.UUID) -> HttpResponse:
    """The checkpoints that are newer than the step in the query, and the parent's, for a page that is open already."""
    job = get_for_team(TrainingJob.objects.with_results(), request.team, job_id)
    return JsonResponse(_checkpoints(job, whole_number(request.GET.get("after", "")) or 0))


@require_GET
@team_required
@cache_control(private=True, max_age=_A_YEAR, immutable=True)
def job_detections(request: TeamRequest, job_id: uuid.UUID, step: int) -> HttpResponseBase:
    """The detections of one checkpoint, as they are stored: they never change. 404 with the reason without any."""
    job = get_for_team(TrainingJob.objects.with_results(), request.team, job_id)
    checkpoint = get_object_or_404(job.checkpoints, step=step)
    etag = f'W/"{hashlib.sha256(checkpoint.detections_name.encode()).hexdigest()}"'
    if not_modified := get_conditional_response(request, etag=etag):
        return not_modified
    try:
        content = checkpoint_detections.detections_file(checkpoint)
    except checkpoint_detections.NotReadable as reason:
        return JsonResponse({"detail": str(reason)}, status=404, headers={"Cache-Control": "no-store"})
    response = _as_stored(request, content)
    response["ETag"] = etag
    return response


def _as_stored(request: TeamRequest, content: bytes) -> HttpResponse:
    """Compressed JSON, unpacked for a client that does not read that."""
    takes_gzip = bool(_TAKES_GZIP.search(request.headers.get("Accept-Encoding", "")))
    response = HttpResponse(content if takes_gzip else gzip.decompress(content), content_type="application/json")
    if takes_gzip:
        response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
