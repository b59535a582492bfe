"""One frame: its dialog, what people say of it, and its picture."""

from typing import Final

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from ftcml.accounts.services.access import get_for_team, team_required
from ftcml.accounts.services.team_request import TeamRequest
from ftcml.core.requests.parameters import whole_number
from videos.labeling import marking
from videos.models import Frame, Video
from videos.refusals import VideoRefused
from videos.services.gallery import Choice, Picture, frames, neighbors, picture_file, with_boxes

# What a person can say of a frame, as the buttons send it.
IGNORE, TAKE_IN, FINISH, REOPEN = MARKS = ("ignore", "take-in", "finish", "reopen")
_FOREVER: Final = {"private": True, "max_age": 86_400, "immutable": True}


@require_GET
@team_required
def frame_dialog(request: TeamRequest, video_id: str, frame_number: int) -> HttpResponse:
    """Show one frame as large as the window allows, with its boxes and links to the frames beside it.

    A link from elsewhere leads to the page of its video, which opens it.
    """
    video = get_for_team(Video.objects, request.team, video_id)
    frame = get_object_or_404(with_boxes(video.frames.all()), number=frame_number)
    if "HX-Request" not in request.headers:
        return redirect(f"{reverse('video', args=[video.pk])}?frame={frame.number}")
    return _dialog(request, video, frame)


@require_POST
@team_required
def mark(request: TeamRequest, video_id: str, frame_number: int) -> HttpResponse:
    """Note what a person says of the frame, and show it again."""
    video = get_for_team(Video.objects, request.team, video_id)
    frame = get_object_or_404(video.frames.all(), number=frame_number)
    said, version, refusal = request.POST.get("mark", ""), whole_number(request.POST.get("version", "")), ""
    try:
        if said in (FINISH, REOPEN):
            marking.set_finished(frame, said == FINISH, request.user, version)
        elif said in (IGNORE, TAKE_IN):
            marking.set_ignored(frame, said == IGNORE, request.user)
    except VideoRefused as error:
        refusal = str(error)
    shown = get_object_or_404(with_boxes(video.frames.all()), number=frame_number)
    response = _dialog(request, video, shown, refusal)
    response["HX-Trigger"] = "list-changed"
    return response


def _dialog(request: TeamRequest, video: Video, frame: Frame, refusal: str = "") -> HttpResponse:
    """Return the dialog of one frame. `refusal`: why a change was refused."""
    choice = Choice.of(request.GET)
    context = {
        "video": video,
        "picture": Picture.of(frame),
        "choice": choice,
        "beside": neighbors(frames(video, choice), frame),
        "refusal": refusal,
    }
    return render(request, "videos/parts/frame_dialog.html", context)


@require_GET
@team_required
@cache_control(**_FOREVER)
def picture(request: TeamRequest, video_id: str, frame_number: int) -> HttpResponseBase:
    """Return the picture of one frame; with `size=small` in the address one for a gallery."""
    video = get_for_team(Video.objects, request.team, video_id)
    frame = get_object_or_404(video.frames.only("picture_name"), number=frame_number)
    return picture_file(frame, is_small=request.GET.get("size") == "small")
