"""What the label page asks for and sends when a second person looks at frames: approved, sent back, commented on."""

from collections.abc import Callable

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from ftcml.accounts.services.access import get_for_team, team_required
from ftcml.accounts.services.team_request import TeamRequest
from ftcml.core.requests.parameters import plain_text, whole_number
from videos.models import Comment, Frame, Video
from videos.pages.label.shapes import frames_as_json, key_of
from videos.refusals import VideoRefused
from videos.reviewing import comments, reviews

# A page hears of the others with the next changes.
FRAMES_TOLD = 50
REVIEWED, TAKEN_BACK = "reviewed", ""


@require_GET
@team_required
@never_cache
def frame_review(request: TeamRequest, video_id: str, frame_number: int) -> HttpResponse:
    """Return the panel's part about a frame: who reviewed it or sent it back, and what people say about it."""
    video = get_for_team(Video.objects, request.team, video_id)
    frame = get_object_or_404(video.frames.select_related("reviewed_by"), number=frame_number)
    said = comments.of_frame(frame)
    labels = dict(frame.boxes.filter(key__in={one.box_key for one in said}).values_list("key", "label__name"))
    context = {
        "frame": frame,
        "open": [(one, labels.get(one.box_key)) for one in said if not one.resolved_at],
        "resolved": [(one, labels.get(one.box_key)) for one in said if one.resolved_at],
    }
    return render(request, "videos/label/parts/frame_review.html", context)


@require_POST
@team_required
def approve(request: TeamRequest, video_id: str) -> JsonResponse:
    """Approve the labeled frames from the number `first` to `last`, or take that back; return those frames."""
    video = get_for_team(Video.objects, request.team, video_id)
    first, last = (whole_number(request.POST.get(name, "")) for name in ("first", "last"))
    review = request.POST.get("review")
    if first is None or last is None or review not in (REVIEWED, TAKEN_BACK):
        return JsonResponse({"detail": "first, last and review are needed"}, status=400)
    if review == REVIEWED:
        count = reviews.approve(video, first, last, request.user)
    else:
        count = reviews.take_back(video, first, last)
    return _told(video, first, last, count=count)


@require_POST
@team_required
def send_back(request: TeamRequest, video_id: str, frame_number: int) -> JsonResponse:
    """Have somebody label the frame again, for the reason in `text`."""

    def send(frame: Frame) -> None:
        reviews.send_back(frame, request.user, plain_text(request.POST.get("text", "")))

    return _done(request, video_id, frame_number, send)


@require_POST
@team_required
def comment(request: TeamRequest, video_id: str, frame_number: int) -> JsonResponse:
    """Say `text` about the frame, or about the box of the key `box`."""

    def add(frame: Frame) -> None:
        comments.add(frame, request.user, plain_text(request.POST.get("text", "")), key_of(request.POST.get("box", "")))

    return _done(request, video_id, frame_number, add)


@require_POST
@team_required
def resolve(request: TeamRequest, video_id: str, frame_number: int, comment_id: int) -> JsonResponse:
    """Say that what the comment asks for is done, or with `resolved` "no" that it isn't."""

    def settle(frame: Frame) -> None:
        found = get_object_or_404(Comment.objects.select_related("frame"), frame=frame, pk=comment_id)
        comments.resolve(found, request.POST.get("resolved", "") != "no")

    return _done(request, video_id, frame_number, settle)


def _done(request: TeamRequest, video_id: str, number: int, act: Callable[[Frame], None]) -> JsonResponse:
    """Do something with a frame, and return it as it is then, or say why that was refused."""
    video = get_for_team(Video.objects, request.team, video_id)
    frame = get_object_or_404(video.frames.all(), number=number)
    try:
        act(frame)
    except VideoRefused as refusal:
        return JsonResponse({"detail": str(refusal)}, status=400)
    return _told(video, number, number)


def _told(video: Video, first: int, last: int, **more: int) -> JsonResponse:
    frames = video.frames.filter(number__range=(first, last)).order_by("number")
    return JsonResponse({"frames": frames_as_json(frames.prefetch_related("boxes__label")[:FRAMES_TOLD]), **more})
