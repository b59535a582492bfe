"""Fix Labels: from a dataset, or from one of its frames, to the video in which its labels are changed."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from datasets.models import Dataset, Frame
from datasets.refusals import DatasetRefused
from datasets.services.labeling import labels_to_fix
from ftcml.accounts.services.access import get_for_team, team_required
from ftcml.accounts.services.team_request import TeamRequest
from ftcml.accounts.services.throttle import ImportThrottle, too_often
from ftcml.core.requests.parameters import whole_number
from videos.models import Video


@require_http_methods(["GET", "POST"])
@team_required
def fix_labels(request: TeamRequest, dataset_id: str) -> HttpResponse:
    """Lead to the labels, or ask first where the dataset's frames must be opened for that."""
    dataset = get_for_team(Dataset.objects, request.team, dataset_id)
    frame = dataset.shown_frames().filter(pk=whole_number(request.GET.get("frame", ""))).first()
    videos, refusal = labels_to_fix.fixed_in(dataset), ""
    if request.method == "POST" and not videos and not (refusal := too_often(ImportThrottle, request)):
        try:
            videos = labels_to_fix.open_frames(dataset, request.user)
        except DatasetRefused as error:
            refusal = str(error)
    if answer := _place(frame, videos):
        return answer
    context = {"tab": "datasets", "dataset": dataset, "frame": frame, "videos": videos, "refusal": refusal}
    return render(request, "datasets/fix_labels.html", context, status=422 if refusal else 200)


def _place(frame: Frame | None, videos: Sequence[Video]) -> HttpResponse | None:
    """The way to the frame, or to the one video; None where a person must choose."""
    if frame:
        frame.refresh_from_db(fields=["source"])
        if fixed := labels_to_fix.fixed_frame(frame):
            return redirect(f"{reverse('video-label', args=[fixed.video_id])}?frame={fixed.number}")
    return redirect("video-label", videos[0].pk) if len(videos) == 1 else None
