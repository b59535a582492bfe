"""The panel of the label page with the team's models: it has one run over frames, and says how far that is."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from ftcml.accounts.services.access import get_for_team, team_required
from ftcml.accounts.services.team_request import TeamRequest
from ftcml.accounts.services.throttle import ProposeThrottle, StartThrottle, too_often
from training.messages import proposal_words as messages
from training.models import ModelRun, QuickAssistant
from training.pages.labeling.run_form import RunForm
from training.proposals import assistants, helpful, runs
from training.refusals import JobRefused
from videos.models import Video


@require_GET
@team_required
@never_cache
def panel(request: TeamRequest, video_id: str) -> HttpResponse:
    """Return the panel. The newest model is chosen."""
    video = get_for_team(Video.objects.select_related("team"), request.team, video_id)
    models = list(runs.models_of(request.team))
    context = {
        "models": models,
        "form": RunForm(models=models),
        # Who once had a model learn from a video wants the next one to label itself. In that video it has done so.
        "labels_itself": QuickAssistant.objects.filter(
            team=request.team, state=QuickAssistant.State.DONE, created_by=request.user
        )
        .exclude(video=video)
        .exists(),
        **_progress(video),
    }
    return render(request, "training/proposals/panel.html", context)


@require_GET
@team_required
@never_cache
def progress(request: TeamRequest, video_id: str) -> HttpResponse:
    """Return how far the newest run and the quick assistant are, and what they found."""
    video = get_for_team(Video.objects.select_related("team"), request.team, video_id)
    return _answer(request, video)


@require_POST
@team_required
def start(request: TeamRequest, video_id: str) -> HttpResponse:
    """Have a model run over frames."""
    video = get_for_team(Video.objects.select_related("team"), request.team, video_id)
    form = RunForm(request.POST, models=list(runs.models_of(request.team)))
    if not form.is_valid():
        return _answer(request, video, form.first_error())
    if refusal := too_often(ProposeThrottle, request):
        return _answer(request, video, refusal)
    try:
        runs.start(video, form.chosen, request.user, form.choices())
    except JobRefused as refused:
        return _answer(request, video, str(refused))
    return _answer(request, video)


@require_POST
@team_required
def stop(request: TeamRequest, video_id: str, run_id: str) -> HttpResponse:
    """End a run. What it has proposed stays."""
    video = get_for_team(Video.objects.select_related("team"), request.team, video_id)
    runs.stop(get_for_team(ModelRun.objects.filter(video=video), request.team, run_id))
    return _answer(request, video)


@require_POST
@team_required
def assistant(request: TeamRequest, video_id: str) -> HttpResponse:
    """Have a quick assistant learn from what is labeled."""
    video = get_for_team(Video.objects.select_related("team"), request.team, video_id)
    if refusal := too_often(StartThrottle, request):
        return _answer(request, video, refusal)
    try:
        assistants.start(video, request.user)
    except JobRefused as refused:
        return _answer(request, video, str(refused))
    return _answer(request, video)


def _answer(request: TeamRequest, video: Video, refusal: str = "") -> HttpResponse:
    context = {"refusal": refusal, **_progress(video)}
    return render(request, "training/proposals/progress.html", context, status=422 if refusal else 200)


def _progress(video: Video) -> dict[str, Any]:
    """What the part about the work under way shows."""
    run = runs.newest(video)
    at_work = assistants.newest(video)
    is_done = run is not None and run.state == ModelRun.State.DONE
    return {
        "video": video,
        "newest_model": next(iter(runs.models_of(video.team)[:1]), None),
        "run": run,
        "doing": messages.PURPOSES[run.purpose] if run else "",
        "helpful": helpful.most_helpful(video, run.job) if run and is_done and run.purpose == "helpful" else [],
        "findings": _findings(run) if run and is_done and run.purpose == "audit" else [],
        "assistant": at_work,
        "offer": None if at_work and at_work.is_at_work else assistants.offer(video),
    }


def _findings(run: ModelRun) -> list[dict[str, Any]]:
    """What an audit found, as the list shows it."""
    return [
        {
            "row": finding,
            "frame": finding.frame.number,
            "words": messages.finding(finding.kind, finding.label, finding.other_label),
        }
        for finding in run.findings.select_related("frame")
    ]
