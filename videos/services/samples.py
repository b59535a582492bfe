"""The sample video, and what every new video needs: room among the team's others, and a worker that takes it."""

from django.conf import settings
from django.db import transaction

from ftcml.accounts.models import Team, User
from ftcml.celery import wake
from ftcml.installation import identity
from videos.messages import page_words as messages
from videos.models import Video
from videos.reasons import Code
from videos.refusals import VideoRefused

# Who takes frames out of a video, where that isn't videos.tasks: datasets knows how archives are read.
_WORKERS = {Video.Kind.ARCHIVE: "datasets.tasks.take_in_next", Video.Kind.DATASET: "datasets.tasks.take_in_next"}


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
        check_limit(team)
        sample = Video.objects.create(
            team=team,
            created_by=person,
            description=messages.SAMPLE,
            kind=Video.Kind.SAMPLE,
            state=Video.State.EXTRACTING,
        )
        transaction.on_commit(lambda: wake_worker(sample))
    return sample


def check_limit(team: Team) -> None:
    """Raise VideoRefused while the team has as many videos as one team may have; the trash doesn't count."""
    most = settings.TEAM_MAX_VIDEOS
    if Video.objects.for_team(team).exclude(state=Video.State.FAILED).count() >= most:
        raise VideoRefused(Code.TOO_MANY_VIDEOS, most=most)


def wake_worker(video: Video) -> None:
    """Tell an idle worker to look for videos of this kind."""
    wake(_WORKERS.get(Video.Kind(video.kind), "videos.tasks.extract_next"))
