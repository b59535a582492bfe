"""What the label page asks of trackers: to follow boxes, how far they are, to stop, and what to undo."""

from collections.abc import Mapping
from typing import Any

from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from rest_framework import serializers

from ftcml.accounts.services.access import get_for_team, team_required
from ftcml.accounts.services.team_request import TeamRequest
from ftcml.core.requests.parameters import ApiText, ApiWholeNumber, whole_number
from videos.labeling import changes
from videos.labeling.labels import of_team
from videos.messages import tracking_words
from videos.models import TrackedObject, Tracking, Video
from videos.pages.label.change_shapes import changes_as_json
from videos.pages.label.frame_answers import frames_told
from videos.pages.label.shapes import body_of
from videos.refusals import VideoRefused
from videos.tracking_runs import run_edits, run_list, starting
from videos.tracking_runs.run_list import Standing

_MOST_BOXES = 100
_FRAMES_AT_ONCE = 100


class _StartSerializer(serializers.Serializer):
    frame = ApiWholeNumber(min_value=0)
    boxes = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=_MOST_BOXES)
    tracker = ApiText(max_length=20)


@require_POST
@team_required
def tracking_start(request: TeamRequest, video_id: str) -> JsonResponse:
    """Have boxes of a frame followed from there on."""
    video = get_for_team(Video.objects.select_related("team"), request.team, video_id)
    given = _StartSerializer(data=body_of(request))
    if not given.is_valid():
        return JsonResponse({"detail": "bad start"}, status=400)
    asked = given.validated_data
    try:
        run = starting.start(video, request.user, asked["frame"], asked["boxes"], asked["tracker"])
    except VideoRefused as refusal:
        return JsonResponse({"detail": str(refusal)}, status=400)
    return JsonResponse({"run": str(run.pk)})


@require_GET
@team_required
@never_cache
def tracking_state(request: TeamRequest, video_id: str) -> JsonResponse:
    """Return the video's runs, and the frames that changed since the number `since`.

    Each question of the person who started a run is a sign of life for it.
    """
    video = get_for_team(Video.objects.select_related("team"), request.team, video_id)
    since = whole_number(request.GET.get("since", "")) or 0
    starting.attend(video, request.user)
    frames, upto = changes.since(video, since, _FRAMES_AT_ONCE)
    runs = run_list.of_video(video)
    standings = run_list.standings(runs)
    told = [_run_as_json(run, standings, request) for run in runs]
    return JsonResponse({"changes": upto, "runs": told, **frames_told(request, frames)})


@require_POST
@team_required
def tracking_stop(request: TeamRequest, video_id: str, tracking_id: str) -> JsonResponse:
    """Stop a run where it is."""
    video = get_for_team(Video.objects, request.team, video_id)
    starting.stop(get_for_team(Tracking.objects.filter(video=video), request.team, tracking_id))
    return JsonResponse({})


@require_GET
@team_required
@never_cache
def tracking_edits(request: TeamRequest, video_id: str, tracking_id: str) -> JsonResponse:
    """Return what a run changed, as edits that a page can undo."""
    video = get_for_team(Video.objects, request.team, video_id)
    run = get_for_team(Tracking.objects.filter(video=video), request.team, tracking_id)
    return JsonResponse({"edits": changes_as_json(run_edits.of_run(run), of_team(request.team))})


def _run_as_json(run: Tracking, standings: Mapping[int, Standing], request: TeamRequest) -> dict[str, Any]:
    return {
        "id": str(run.pk),
        "mine": run.person_id == request.user.pk,
        "running": run.state == Tracking.State.RUNNING,
        "first": run.frame_number,
        "done": run.frames_done,
        "objects": [_object_as_json(followed, standings[followed.pk]) for followed in run.followed.all()],
    }


def _object_as_json(followed: TrackedObject, now: Standing) -> dict[str, Any]:
    label = run_list.label_of(followed)
    return {
        "track": str(followed.track_id),
        "label": label,
        "at": now.at,
        "corrections": followed.corrections,
        "ending": now.ending,
        "lost": now.at + 1 if now.ending == TrackedObject.Ending.LOST else min(now.missing, default=None),
        "words": tracking_words.ending(now.ending, label, now.at, now.missing),
    }
