"""The Videos tab."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_GET

from ftcml.accounts.pages.tabs import refresh_seconds
from ftcml.accounts.services.access import team_required
from ftcml.accounts.services.team_request import TeamRequest
from videos.models import Video


@require_GET
@team_required
def video_list(request: TeamRequest) -> HttpResponse:
    return render(request, "videos/list.html", {"tab": "videos", **_table(request)})


@require_GET
@team_required
@cache_control(private=True, no_cache=True)
@conditional_page
def video_table(request: TeamRequest) -> HttpResponse:
    """Return the part of the tab that refreshes."""
    return render(request, "videos/parts/table.html", _table(request))


def _table(request: TeamRequest) -> dict[str, Any]:
    videos = list(Video.objects.for_team(request.team).prefetch_related("uploads"))
    is_working = any(video.state in (Video.State.UPLOADING, Video.State.EXTRACTING) for video in videos)
    return {"videos": videos, "refresh_seconds": refresh_seconds(is_working)}
