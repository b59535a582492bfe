"""Files that no video needs: those that no row uses anymore, and those that no row knows."""

import logging

from django.db.models import Q

from ftcml.core.files import storage
from ftcml.core.work import work_folders
from ftcml.installation import identity, quarantine, removals
from ftcml.installation.quarantine import Stored
from videos.extraction.extraction_leases import WORK_PREFIX, Lease
from videos.models import Video
from videos.reasons import Code
from videos.services.extraction_choice import waiting_for_a_choice

log = logging.getLogger(__name__)

_KIND = "videos"


def remove_unused_files() -> None:
    """Remove what failed videos and dead workers have left, uploads whose frames were taken, and what no row has known
    for days.

    Nothing while it isn't known that the files are this database's.
    """
    if identity.work_must_wait():
        return
    stored = look()
    for name in (*stored.finished, *quarantine.due(stored, storage.tree_size)):
        log.info("removing %s, which no video needs", name)
        storage.remove_any(name)
    remove_work_folders()


def remove_work_folders() -> None:
    """Remove what dead workers of this machine have left."""
    work_folders.remove_unheld(WORK_PREFIX, Lease.work)


def look() -> Stored:
    """Return what is stored of videos: their folders by name, and uploads whose frames were taken.

    A row is written before its first file, so the folders are listed before the rows are read. The files of a video
    that failed here, without what was uploaded, may be those of a newer database.
    """
    folders = storage.folders_of_teams(_KIND)
    keys = {str(pk) for pk in Video.everything.values_list("pk", flat=True)}
    failed = Video.everything.filter(_over()).only("team_id", "reason_code")
    over = {video.prefix: video for video in failed}
    lost = [name for name in folders.values() if name in over and over[name].reason_code == Code.FILES_MISSING]
    taken = [f"{video.prefix}/uploads" for video in Video.kept.filter(state=Video.State.READY).only("team_id")]
    return Stored(
        kind=_KIND,
        known=[name for key, name in folders.items() if key in keys],
        finished=[
            *(name for name in folders.values() if name in over and name not in lost),
            *(name for name in taken if storage.entries(name)),
        ],
        unknown=[name for key, name in folders.items() if key not in keys and not removals.is_due(name)],
        newer=lost,
    )


def found() -> identity.Found:
    """Return what is there of videos, for identity.before_making."""
    stored = storage.folders_of_teams(_KIND).keys()
    keys = {str(pk) for pk in Video.everything.values_list("pk", flat=True)}
    with_files = Video.kept.filter(state=Video.State.READY, picture_bytes__gt=0).exclude(kind=Video.Kind.DATASET)
    return identity.Found.of(stored, keys, with_files.exists())


def _over() -> Q:
    """Return the failed videos that need no files anymore. Of one with too many frames others may be taken."""
    return Q(state=Video.State.FAILED) & ~waiting_for_a_choice()
