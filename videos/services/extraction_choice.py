"""Which frames are taken of a video: chosen again where the first choice gave too many, without a new upload."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from ftcml.accounts.models import Team, User
from ftcml.core import clock
from videos.extraction.extraction_leases import wake_extractor
from videos.models import Video
from videos.reasons import Code
from videos.refusals import VideoRefused
from videos.services import uploads
from videos.services.receiving import rules
from videos.services.receiving.rules import Choice


def waiting_for_a_choice() -> Q:
    """Return the videos of which other frames may be taken: what was uploaded stays for a day."""
    a_day_ago = clock.now() - timedelta(days=settings.UPLOAD_DAYS)
    return Q(state=Video.State.FAILED, reason_code=Code.TOO_MANY_FRAMES, created__gt=a_day_ago)


def can_extract_again(video: Video) -> bool:
    """Return whether what was uploaded waits for another choice."""
    return video.state == Video.State.FAILED and Video.objects.filter(waiting_for_a_choice(), pk=video.pk).exists()


def extract_again(video: Video, choice: Choice, person: User) -> None:
    """Have other frames taken of a video that gave too many. Raises VideoRefused."""
    if not uploads.may_upload(video.team, person):
        raise VideoRefused(Code.COACHES_UPLOAD)
    rules.check_choice(video.kind, choice, files=1)
    rules.take_room(video.team)
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
