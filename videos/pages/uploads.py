"""The door for the pages' uploads: the tus protocol behind a session."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from ftcml.accounts.services.access import get_for_team, team_required
from ftcml.accounts.services.team_request import TeamRequest
from ftcml.accounts.services.throttle import UploadThrottle, too_often
from ftcml.core.files.uploads import takes_uploads
from videos.models import Upload
from videos.services.uploads import Sender
from videos.tus import answers


@require_POST
@team_required
def uploads(request: TeamRequest) -> HttpResponse:
    """Begin to receive a file."""
    sender = Sender(request.team, request.user)
    return answers.in_words(
        lambda: answers.create(request, sender, _address, lambda: too_often(UploadThrottle, request))
    )


@require_http_methods(["HEAD", "PATCH", "DELETE"])
@team_required
def upload(request: TeamRequest, upload_id: str) -> HttpResponse:
    """Go on with a file, say how much of it is here, or give it up."""
    return answers.in_words(lambda: answers.act(request, get_for_team(Upload.objects, request.team, upload_id)))


takes_uploads(upload, ["PATCH"])


def _address(row: Upload) -> str:
    return reverse("video-upload-file", args=[row.pk])
