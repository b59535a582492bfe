"""Ask for an export, stop one, and what becomes of it later."""

import logging
from collections.abc import Iterator
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from ftcml.accounts.models import Team, User
from ftcml.audit.services import access_log
from ftcml.celery import wake
from ftcml.core import clock
from ftcml.core.files import storage
from ftcml.core.work import work_folders
from ftcml.privacy.models import EXPORT_KEPT, Export
from ftcml.privacy.services.exports.export_leases import WORK_PREFIX, ExportLease

log = logging.getLogger(__name__)

TASK = "ftcml.privacy.tasks.export_next"


def ask_for_team(team: Team, by: User | None) -> Export:
    """Have everything of the team made into a zip; the one that is at work where there is one."""
    return _ask(Export(team=team, asked_by=by), Q(team=team))


def ask_for_person(person: User, by: User) -> Export:
    """Have the rows that name the person made into a zip; the one that is at work where there is one."""
    return _ask(Export(person=person, asked_by=by), Q(person=person))


def _ask(export: Export, whose: Q) -> Export:
    """An earlier one of the same goes, for this one has all that it had."""
    running = Export.objects.filter(whose, state=Export.State.RUNNING)
    if at_work := running.first():
        return at_work
    try:
        with transaction.atomic():
            export.created = clock.now()
            export.save(force_insert=True)
            access_log.record(access_log.Kind.EXPORT_MADE, export.team_id, other_id=export.person_id)
            transaction.on_commit(wake_worker)
    except IntegrityError:  # two clicks at the same moment
        return running.get()
    others = Export.objects.filter(whose, season=None).exclude(pk=export.pk)
    transaction.on_commit(lambda: remove(others))  # files don't come back where this is rolled back
    return export


def named() -> Iterator[str]:
    """Yield the names of the files of exports, for named_files.told_by. Those of an archived season stay for good."""
    for export in Export.objects.filter(state=Export.State.READY).iterator():
        yield export.stored_name


def of_team(team: Team) -> QuerySet[Export]:
    """Return the team's exports that aren't of a season, newest first."""
    return Export.objects.for_team(team).filter(season=None)


def of_seasons(team: Team) -> QuerySet[Export]:
    """Return what the team has of archived seasons, newest first."""
    ready = Export.objects.for_team(team).filter(state=Export.State.READY)
    return ready.exclude(season=None).select_related("season")


def of_person(person: User) -> QuerySet[Export]:
    """Return the person's exports, newest first."""
    return Export.objects.filter(person=person)


def stop(exports: QuerySet[Export]) -> None:
    """Stop those that are at work. The worker notices within seconds, and removes what it has made."""
    exports.filter(state=Export.State.RUNNING).update(state=Export.State.STOPPED, lease_until=None, ended=clock.now())


def tidy() -> None:
    """Remove exports that were there for a day, files without a row, and folders of dead workers.

    The files are listed before the rows are read: a row is written before its file.
    """
    stored = {f"exports/{name}" for name in storage.entries("exports")}
    remove(_over(clock.now() - EXPORT_KEPT))
    kept = Export.objects.filter(state__in=(Export.State.READY, Export.State.RUNNING))
    for name in stored - {export.stored_name for export in kept}:
        storage.remove(name)
    work_folders.remove_unheld(WORK_PREFIX, ExportLease.work)


def remove(exports: QuerySet[Export]) -> None:
    """Remove exports with their files. While the storage is away, the tidying removes these later."""
    for export in exports:
        name = export.stored_name
        export.delete()
        storage.discard(name)


def wake_worker() -> None:
    """Tell an idle worker to look for exports."""
    wake(TASK)


def _over(limit: datetime) -> QuerySet[Export]:
    return Export.objects.filter(season=None, ended__lt=limit).exclude(state=Export.State.RUNNING)
