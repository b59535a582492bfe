"""The label page of a video, and what its scripts ask for."""

import json

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from ftcml.accounts.services.access import get_for_team, team_required
from ftcml.accounts.services.team_request import TeamRequest
from ftcml.core.requests.parameters import whole_number
from videos.labeling import changes, key_bindings, presence, saving
from videos.models import Video
from videos.pages.label.frame_answers import ALONG_WITH_OTHERS, frames_told
from videos.pages.label.shapes import (
    EditsSerializer,
    body_of,
    conflict_as_json,
    edits_of,
)
from videos.refusals import VideoRefused

FRAMES_AT_ONCE = 200
# Frames that come with the page itself, so that the first one can be labeled at once: some before it, and some behind.
_BEFORE, _WITH_THE_PAGE = 2, 8


@require_GET
@team_required
def label_page(request: TeamRequest, video_id: str) -> HttpResponse:
    """Show the frames of a video one by one, to draw boxes. `frame` in the address is the first that is shown."""
    video = get_for_team(Video.objects.select_related("team"), request.team, video_id)
    frames = video.frames.count()
    shown = max(0, min(whole_number(request.GET.get("frame", "")) or 0, frames - 1))
    context = {
        "tab": "videos",
        "video": video,
        "frames": frames,
        "shown": shown,
        "news": json.dumps(_frames_from(request, video, shown - _BEFORE, _WITH_THE_PAGE)),
        "bindings": json.dumps(key_bindings.of(request.user)),
    }
    return render(request, "videos/label/page.html", context)


@require_GET
@team_required
@never_cache
def label_frames(request: TeamRequest, video_id: str) -> JsonResponse:
    """Return frames with their boxes: those from the number `first` on, at most FRAMES_AT_ONCE."""
    video = get_for_team(Video.objects, request.team, video_id)
    first = whole_number(request.GET.get("first", "")) or 0
    return JsonResponse(_frames_from(request, video, first, FRAMES_AT_ONCE))


@require_GET
@team_required
@never_cache
def label_changes(request: TeamRequest, video_id: str) -> JsonResponse:
    """Return what changed since the number `since`, and where the others are. `frame`: where this person is."""
    video = get_for_team(Video.objects, request.team, video_id)
    since = whole_number(request.GET.get("since", "")) or 0
    presence.seen(video, request.user, whole_number(request.GET.get("frame", "")) or 0)
    frames, upto = changes.since(video, since, FRAMES_AT_ONCE)
    people = [{"name": str(one.person), "frame": one.frame_number} for one in presence.others(video, request.user)]
    return JsonResponse({"changes": upto, "people": people, **frames_told(request, frames)})


@require_POST
@team_required
def label_save(request: TeamRequest, video_id: str) -> JsonResponse:
    """Save edits, and return their frames as they are now, with what couldn't be merged."""
    video = get_for_team(Video.objects.select_related("team"), request.team, video_id)
    given = EditsSerializer(data=body_of(request))
    if not given.is_valid():
        return JsonResponse({"detail": ""}, status=400)
    try:
        saved = saving.save(video, request.user, edits_of(given.validated_data))
    except VideoRefused as refusal:
        return JsonResponse({"detail": str(refusal)}, status=400)
    told = {*saved.frames, *saved.followed[:ALONG_WITH_OTHERS]}
    frames = video.frames.filter(number__in=told).prefetch_related("boxes__label")
    conflicts = [conflict_as_json(conflict) for conflict in saved.conflicts]
    return JsonResponse({"conflicts": conflicts, "gone": saved.gone, **frames_told(request, frames)})


def _frames_from(request: TeamRequest, video: Video, first: int, most: int) -> dict[str, object]:
    frames = video.frames.filter(number__gte=first).order_by("number").prefetch_related("boxes__label")
    return {"changes": video.changes, **frames_told(request, frames[:most])}
