"""What a person does on the label page with an object as a whole."""

from typing import Any

from django.http import JsonResponse
from django.views.decorators.http import require_POST
from rest_framework import serializers

from ftcml.accounts.services.access import get_for_team, team_required
from ftcml.accounts.services.team_request import TeamRequest
from ftcml.core.requests.parameters import ApiWholeNumber
from videos.labeling.labels import of_team
from videos.labeling.tracks import actions
from videos.labeling.tracks.actions import ACTIONS, MOST_TRACKS
from videos.models import Video
from videos.pages.label.change_shapes import changes_as_json
from videos.pages.label.frame_answers import ALONG_WITH_OTHERS, frames_told
from videos.pages.label.shapes import body_of
from videos.refusals import VideoRefused


class _ChangeSerializer(serializers.Serializer):
    """`action` on the first of `tracks`, at `frame`. `merge` takes two, `confirm` all, up to the frame `last`.

    `shown`: the frame that the person sees. It and those near it are told first.
    """

    action = serializers.ChoiceField(ACTIONS)
    tracks = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=MOST_TRACKS)
    frame = ApiWholeNumber(min_value=0)
    last = ApiWholeNumber(min_value=0, required=False)
    finish = serializers.BooleanField(required=False)
    shown = ApiWholeNumber(min_value=0, required=False)


@require_POST
@team_required
def track_change(request: TeamRequest, video_id: str) -> JsonResponse:
    """Do something with an object, and return what it changed, with the frames as they are now."""
    video = get_for_team(Video.objects.select_related("team"), request.team, video_id)
    given = _ChangeSerializer(data=body_of(request))
    if not given.is_valid():
        return JsonResponse({"detail": "bad change"}, status=400)
    asked: dict[str, Any] = dict(given.validated_data)
    shown = asked.pop("shown", asked["frame"])
    try:
        changed = actions.act(video, request.user, **asked)
    except VideoRefused as refusal:
        return JsonResponse({"detail": str(refusal)}, status=400)
    edits = changes_as_json(changed, of_team(request.team))
    told = sorted((edit["frame"] for edit in edits), key=lambda number: abs(number - shown))[:ALONG_WITH_OTHERS]
    frames = video.frames.filter(number__in=told)
    return JsonResponse({"edits": edits, **frames_told(request, frames.prefetch_related("boxes__label"))})
