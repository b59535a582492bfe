"""What a team has made: videos, datasets and models. Erasing and archiving a season remove all of it."""

import logging
from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from datasets.models import Dataset, DatasetVideo, FixedLabels
from ftcml.accounts.models import Team
from ftcml.core import clock
from ftcml.installation import removals
from training.models import TrainingJob
from training.refusals import JobRefused
from training.services import jobs, lineage
from training.states import STOPPABLE, TERMINAL
from videos.models import Activity, Upload, Video
from videos.services.receiving import received_file

log = logging.getLogger(__name__)

BY = "erasing"


def at_work(teams: QuerySet[Team]) -> QuerySet[Team]:
    """Return those for which something is being made: a training, a dataset, or the frames of a video."""
    of_team = {"team": OuterRef("pk")}
    return teams.filter(
        Exists(TrainingJob.everything.filter(**of_team).exclude(state__in=TERMINAL))
        | Exists(Dataset.kept.filter(**of_team, state=Dataset.State.PRODUCING))
        | Exists(Video.kept.filter(**of_team, state__in=(Video.State.UPLOADING, Video.State.EXTRACTING)))
    )


def has_changed(team: Team, since: datetime) -> bool:
    """Return whether the team has made or labeled something since then."""
    return (
        TrainingJob.everything.filter(team=team, created__gt=since).exists()
        or Dataset.kept.filter(team=team, created__gt=since).exists()
        or Video.kept.filter(team=team, created__gt=since).exists()
        or Activity.objects.filter(video__team=team, at__gt=since).exists()
    )


def remove(team: Team) -> bool:
    """Remove all of it for good, and return whether every row is gone. May be repeated until it is.

    Trainings are stopped, and go when their worker has let go of them. Rows of datasets and videos go bit by bit, with
    their files, by the worker that removes deleted ones.
    """
    _stop(team)
    if not _remove_models(team):
        return False
    with transaction.atomic():  # what keeps one thing for another's sake, where both go
        FixedLabels.objects.filter(dataset__team=team).delete()
        DatasetVideo.objects.filter(dataset__team=team).delete()
    for dataset in Dataset.kept.filter(team=team):
        with transaction.atomic():
            Dataset.kept.filter(pk=dataset.pk).update(deleted=clock.now(), import_lease_until=None)
            removals.after_commit(dataset.prefix)
    for upload in Upload.objects.filter(video__team=team):
        received_file.remove(upload.pk)
    for video in Video.kept.filter(team=team):
        with transaction.atomic():
            Video.kept.filter(pk=video.pk).update(deleted=clock.now(), lease_until=None)
            removals.after_commit(video.prefix)
    return not (Dataset.everything.filter(team=team).exists() or Video.everything.filter(team=team).exists())


def _stop(team: Team) -> None:
    for job in TrainingJob.everything.filter(team=team, state__in=STOPPABLE):
        with suppress(TrainingJob.DoesNotExist):
            jobs.request_stop(job, BY)


def _remove_models(team: Team) -> bool:
    """Return whether all are gone."""
    for job in lineage.children_first(list(TrainingJob.everything.filter(team=team))):
        try:
            jobs.delete(job, BY)
        except JobRefused as refusal:  # its worker has it still
            log.info("%s", refusal)
    return not TrainingJob.everything.filter(team=team).exists()
