"""The sample video, which a worker draws."""

from django.db import transaction

from ftcml.accounts.models import Team, User
from ftcml.installation import identity
from videos.extraction.extraction_leases import wake_worker
from videos.messages import page_words as messages
from videos.models import Video
from videos.reasons import Code
from videos.refusals import VideoRefused
from videos.services.receiving import rules


def request_sample(team: Team, person: User | None) -> Video:
    """Have a worker draw the sample video for the team, and return it: the one that is there, where there is one.

    Raises VideoRefused.
    """
    if refusal := identity.storage_refusal():
        raise VideoRefused(Code.OTHER, text=refusal)
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=team.pk)
        samples = Video.objects.for_team(team).filter(kind=Video.Kind.SAMPLE)
        if made := samples.exclude(state=Video.State.FAILED).first():
            return made
        rules.check_limit(team)
        sample = Video.objects.create(
            team=team,
            created_by=person,
            description=messages.SAMPLE,
            kind=Video.Kind.SAMPLE,
            state=Video.State.EXTRACTING,
        )
        transaction.on_commit(lambda: wake_worker(sample))
    return sample
