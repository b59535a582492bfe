"""Who labels which frames of a video: the list, which everyone sees and coaches change."""

import json
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ftcml.accounts.models import User
from ftcml.accounts.services.access import get_for_team, team_required
from ftcml.accounts.services.team_request import TeamRequest
from ftcml.core import dialogs
from videos.messages import page_words as messages
from videos.models import Video
from videos.pages.assign_form import AssignForm
from videos.refusals import VideoRefused
from videos.reviewing import assignments


def assigned(request: TeamRequest, video: Video) -> dict[str, Any]:
    """Return what the list of a video's assignments shows. `mine`: the person's own, as first and last number."""
    rows = assignments.of_video(video)
    mine = [(row.assignment.first, row.assignment.last) for row in rows if row.assignment.person_id == request.user.pk]
    is_coach = request.team.is_coached_by(request.user)
    return {
        "assignments": rows,
        "mine": json.dumps(mine),
        "is_coach": is_coach,
        "assign_refusal": "" if is_coach else messages.COACHES_ASSIGN,
    }


@require_GET
@team_required
@never_cache
def assignment_list(request: TeamRequest, video_id: str) -> HttpResponse:
    """Return the list for the label page."""
    video = get_for_team(Video.objects, request.team, video_id)
    return render(request, "videos/parts/assignments.html", {"video": video, **assigned(request, video)})


@require_http_methods(["GET", "POST"])
@team_required
def assign_dialog(request: TeamRequest, video_id: str) -> HttpResponse:
    """Ask a coach who labels which frames."""
    video = get_for_team(Video.objects, request.team, video_id)
    _check_coach(request)
    people = list(User.objects.filter(memberships__team=request.team).order_by("username"))
    refusal = ""
    if request.method == "POST":
        form = AssignForm(request.POST, people=people)
        try:
            if form.is_valid():
                assignments.assign(video, *form.said, request.user)
                return dialogs.done()
        except VideoRefused as error:
            refusal = str(error)
    else:
        form = AssignForm(people=people, initial=_next_frames(video))
    context = {"video": video, "form": form, "refusal": refusal}
    status = 422 if request.method == "POST" else 200
    return render(request, "videos/parts/assign_dialog.html", context, status=status)


@require_POST
@team_required
def remove_assignment(request: TeamRequest, video_id: str, assignment_id: int) -> HttpResponse:
    """Take the frames from the member again. Their boxes stay."""
    video = get_for_team(Video.objects, request.team, video_id)
    _check_coach(request)
    get_object_or_404(video.assignments, pk=assignment_id).delete()
    return dialogs.changed()


def _next_frames(video: Video) -> dict[str, int]:
    """The frames behind those that somebody has already, or all of them."""
    total = video.frames.count()
    first = max((row.last + 2 for row in video.assignments.all()), default=1)
    return {"first": first if first <= total else 1, "last": total}


def _check_coach(request: TeamRequest) -> None:
    if not request.team.is_coached_by(request.user):
        raise PermissionDenied
