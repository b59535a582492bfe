"""Which frames are taken of a video: chosen again where the first choice gave too many, without a new upload."""

from django.db import transaction

from ftcml.accounts.models import Team, User
from videos.extraction.extraction_leases import wake_extractor
from videos.models import Video
from videos.reasons import Code
from videos.refusals import VideoRefused
from videos.services import uploads
from videos.services.receiving import rules
from videos.services.receiving.rules import Choice


def can_extract_again(video: Video) -> bool:
    """Return whether the uploaded file waits for another choice. The hourly tidying ends that after a day."""
    return video.state == Video.State.FAILED and video.reason_code == Code.TOO_MANY_FRAMES


def extract_again(video: Video, choice: Choice, person: User) -> None:
    """Have other frames taken of a video that gave too many. Raises VideoRefused."""
    if not uploads.may_upload(video.team, person):
        raise VideoRefused(Code.COACHES_UPLOAD)
    rules.check_choice(video.kind, choice, files=1)
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=video.team_id)
        found = Video.objects.filter(pk=video.pk).first()
        if found is None or not can_extract_again(found):
            raise VideoRefused(Code.UPLOAD_IS_GONE)
        rules.check_limit(video.team)
        Video.objects.filter(pk=video.pk).update(
            state=Video.State.EXTRACTING,
            extraction=choice.extraction,
            every_nth=choice.every_nth,
            reason_code="",
            reason_params={},
            attempts=0,
        )
        transaction.on_commit(wake_extractor)
