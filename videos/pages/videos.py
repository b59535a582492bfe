"""The Videos tab and its dialogs."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_GET, require_http_methods, require_POST

from ftcml.accounts.pages.tabs import refresh_seconds, remember_tab
from ftcml.accounts.services.access import get_all_for_team, get_selected, team_required
from ftcml.accounts.services.team_request import TeamRequest
from ftcml.accounts.services.throttle import ImportThrottle, too_often
from ftcml.core import clock, dialogs
from ftcml.core.messages import not_ready
from ftcml.core.requests.tables import Part
from ftcml.core.trash.holders import holders
from videos.messages import page_words as messages
from videos.messages import words
from videos.models import Video
from videos.reasons import Code, Reason
from videos.refusals import VideoRefused
from videos.services import deletion, retention, samples, trash
from videos.services.video_list import VideoList, with_counts

VIDEOS_A_PAGE = 20
# An upload from which nothing came for so long has stopped.
STALLED_AFTER = timedelta(minutes=1)
_AT_WORK = (Video.State.UPLOADING, Video.State.EXTRACTING)


@dataclass(frozen=True)
class Selection:
    """What is selected on the Videos tab, and why a button cannot be used with it ("" when it can)."""

    videos: list[Video]
    # Of Produce Dataset and Export Labels: both take labeled frames.
    produce_refusal: str
    delete_refusal: str

    @classmethod
    def of(cls, videos: list[Video]) -> "Selection":
        if not videos:
            return cls([], messages.SELECT_ONE, messages.SELECT_ONE)
        unready = next((video for video in videos if video.state != Video.State.READY), None)
        if unready:
            return cls(videos, not_ready(str(unready)), "")
        is_labeled = any(getattr(video, "labeled") for video in videos)  # noqa: B009 (of with_counts)
        return cls(videos, "" if is_labeled else messages.NOTHING_LABELED, "")


@require_GET
@team_required
def video_list(request: TeamRequest) -> HttpResponse:
    remember_tab(request, "videos")
    return render(request, "videos/list.html", {"tab": "videos", **_table(request)})


@require_GET
@team_required
@cache_control(private=True, no_cache=True)
@conditional_page
def video_table(request: TeamRequest) -> HttpResponse:
    """Return the part of the tab that refreshes: buttons and table, for the rows selected in the query."""
    return render(request, "videos/parts/table.html", _table(request))


def _table(request: TeamRequest) -> dict[str, Any]:
    videos = VideoList(request.team, request.GET)
    selected = get_selected(with_counts(Video.objects.all()), request.team, request.GET.getlist("video"))
    at_work = Video.objects.for_team(request.team).filter(state__in=_AT_WORK)
    may_upload = request.team.lets_upload(request.user)
    return {
        **Part.of(videos, videos.found(), VIDEOS_A_PAGE, request.GET.get("page"), selected).context(),
        "selection": Selection.of(selected),
        "upload_refusal": "" if may_upload else words(Reason(Code.COACHES_UPLOAD)),
        "going_soon": retention.soon(request.team),
        "stalled_before": clock.now() - STALLED_AFTER,
        "refresh_seconds": refresh_seconds(at_work.exists()),
    }


@require_POST
@team_required
def add_sample(request: TeamRequest) -> HttpResponse:
    """Have the sample video drawn for the team, if it has none yet."""
    try:
        refusal = too_often(ImportThrottle, request)
        if not refusal:
            samples.request_sample(request.team, request.user)
    except VideoRefused as error:
        refusal = str(error)
    return dialogs.refused(request, messages.NO_SAMPLE, refusal) if refusal else dialogs.changed()


@require_http_methods(["GET", "POST"])
@team_required
def delete_dialog(request: TeamRequest) -> HttpResponse:
    """Ask first, and say which videos are in use. Then move the others to the trash."""
    ids = (request.GET if request.method == "GET" else request.POST).getlist("video")
    chosen = get_all_for_team(Video.objects, request.team, ids)
    if request.method == "GET":
        held = holders(chosen)
        possible = [video for video in chosen if video.pk not in held]
        refusals = [str(deletion.in_use(video, held[video.pk])) for video in chosen if video.pk in held]
        return dialogs.ask_to_delete(request, "videos/parts/delete_dialog.html", possible, refusals)
    return dialogs.deleted(request, "video", "video", trash.move_all(chosen, request.user))
