"""The dialog in which other frames of a video are chosen, where the first choice gave too many."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from ftcml.accounts.services.access import get_for_team, team_required
from ftcml.accounts.services.team_request import TeamRequest
from ftcml.core import dialogs
from videos import messages
from videos.models import Video
from videos.pages.upload_form import FramesForm
from videos.reasons import Code, Reason
from videos.refusals import VideoRefused
from videos.services import extraction_choice
from videos.services.receiving import rules


@require_http_methods(["GET", "POST"])
@team_required
def extract_again(request: TeamRequest, video_id: str) -> HttpResponse:
    """Ask which frames to take instead, and have them taken."""
    video = get_for_team(Video.objects, request.team, video_id)
    refusal, form = "", FramesForm(request.POST or None)
    if request.method == "POST":
        try:
            if form.is_valid():
                choice = rules.choice_of(form.cleaned_data["frames"], form.cleaned_data["every"])
                extraction_choice.extract_again(video, choice, request.user)
                return dialogs.done()
        except VideoRefused as error:
            refusal = str(error)
    elif not extraction_choice.can_extract_again(video):
        refusal = messages.words(Reason(Code.UPLOAD_IS_GONE))
    context = {"video": video, "form": form, "refusal": refusal}
    status = 422 if request.method == "POST" else 200
    return render(request, "videos/parts/extract_again.html", context, status=status)
