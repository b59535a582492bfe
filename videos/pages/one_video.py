"""The page of one video, its player and its name."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_GET, require_http_methods, require_POST

from ftcml.accounts.pages.tabs import refresh_seconds
from ftcml.accounts.services.access import get_for_team, team_required
from ftcml.accounts.services.team_request import TeamRequest
from ftcml.core import clock, dialogs
from ftcml.core.requests.parameters import whole_number
from ftcml.core.requests.renaming import RenameForm
from videos.labeling import marking
from videos.models import Video
from videos.pages.assigning import assigned
from videos.pages.videos import STALLED_AFTER
from videos.refusals import VideoRefused
from videos.services import retention, video_list
from videos.services.extraction_choice import can_extract_again
from videos.services.gallery import Choice, Overview, Picture, frames, with_boxes

FRAMES_A_PAGE = 24
_ENTRIES_SHOWN = 20
_AT_WORK = (Video.State.UPLOADING, Video.State.EXTRACTING)


@require_GET
@team_required
def video_page(request: TeamRequest, video_id: str) -> HttpResponse:
    """Show what is worth knowing about the video, and its frames. `frame` in the address opens that frame."""
    context = _page(request, video_id)
    opened = whole_number(request.GET.get("frame", ""))
    return render(request, "videos/page.html", {**context, "opened": opened})


@require_GET
@team_required
@cache_control(private=True, no_cache=True)
@conditional_page
def video_part(request: TeamRequest, video_id: str) -> HttpResponse:
    """Return the part of the page that refreshes."""
    return render(request, "videos/parts/video.html", _page(request, video_id))


def _page(request: TeamRequest, video_id: str) -> dict[str, Any]:
    video = get_for_team(video_list.with_counts(Video.objects.select_related("created_by")), request.team, video_id)
    choice = Choice.of(request.GET)
    paginator = Paginator(with_boxes(frames(video, choice)), FRAMES_A_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    query = f"{choice.query}&page={page.number}" if page.number > 1 else choice.query
    return {
        "tab": "videos",
        "video": video,
        "exported": [video],
        "may_choose_again": can_extract_again(video),
        "overview": Overview.of(video, choice),
        "choice": choice,
        "page": page,
        "pictures": [Picture.of(frame) for frame in page],
        "part": f"{reverse('video-part', args=[video.pk])}?{query}",
        "filter_query": f"{choice.query}&" if choice.query else "",
        "page_numbers": paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
        **assigned(request, video),
        "activities": video.activities.select_related("person")[:_ENTRIES_SHOWN],
        "goes_at": retention.goes_at(video),
        "stalled_before": clock.now() - STALLED_AFTER,
        "refresh_seconds": refresh_seconds(video.state in _AT_WORK),
    }


@require_http_methods(["GET", "POST"])
@team_required
def rename_dialog(request: TeamRequest, video_id: str) -> HttpResponse:
    """Give the video another name."""
    video = get_for_team(Video.objects, request.team, video_id)
    refusal = ""
    if request.method == "POST":
        form = RenameForm(Video, request.POST)
        try:
            if form.is_valid():
                video_list.rename(video, form.cleaned_data["description"], request.user)
                return dialogs.done()
        except VideoRefused as error:
            refusal = str(error)
    else:
        form = RenameForm(Video, initial={"description": video.description})
    context = {"video": video, "form": form, "refusal": refusal}
    status = 422 if request.method == "POST" else 200
    return render(request, "videos/parts/rename_dialog.html", context, status=status)


@require_POST
@team_required
def near_duplicates(request: TeamRequest, video_id: str) -> HttpResponse:
    """Ignore all near-duplicates that nobody labeled, or take them in again; say so, with a button that undoes it."""
    video = get_for_team(Video.objects, request.team, video_id)
    ignored = request.POST.get("ignored", "") == "yes"
    count = marking.set_near_duplicates_ignored(video, ignored, request.user)
    response = render(request, "videos/parts/ignored_notice.html", {"video": video, "count": count, "ignored": ignored})
    response["X-Notice"], response["HX-Reswap"] = "1", "none"
    response["HX-Trigger"] = "list-changed"
    return response


@require_GET
@team_required
def player(request: TeamRequest, video_id: str) -> HttpResponse:
    """Show the frames one after the other, as long as each was in the video."""
    video = get_for_team(Video.objects, request.team, video_id)
    context = {"video": video, "first": video.frames.order_by("number").first()}
    return render(request, "videos/parts/player.html", context)


@require_GET
@team_required
@cache_control(private=True, no_cache=True)
@conditional_page
def times(request: TeamRequest, video_id: str) -> JsonResponse:
    """Return the number and the time of each frame, for the player."""
    video = get_for_team(Video.objects, request.team, video_id)
    timed = video.frames.filter(seconds__isnull=False).order_by("number")
    return JsonResponse({"frames": list(timed.values_list("number", "seconds"))})
