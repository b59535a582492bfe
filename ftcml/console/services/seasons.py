"""Archive a season: each team gets an export that stays, and then its datasets, models and videos go.

One team after another, so that the disk needs room for few teams twice. Each step is in the rows, so another worker
continues where one was killed. The maintenance page is on meanwhile: nobody loses what was made after the export.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from datasets.models import Dataset
from ftcml.accounts.models import Team, User
from ftcml.accounts.services import ledger
from ftcml.console import messages
from ftcml.console.models import MaintenancePage
from ftcml.console.services import audit
from ftcml.console.services.refusals import ActionRefused
from ftcml.core import clock
from ftcml.core import lease as leases
from ftcml.core.files import storage
from ftcml.core.files.storage import StorageAway
from ftcml.core.lease import LeaseLost
from ftcml.privacy.models import Export, Season, SeasonTeam
from ftcml.privacy.services import team_contents
from ftcml.privacy.services.exports import exports
from training.models import TrainingJob
from videos.models import Video

log = logging.getLogger(__name__)

_EXPORTS_AT_ONCE = 2


@dataclass(frozen=True)
class SeasonPlan:
    """The dry run: what would be put away. `busy`: teams with work that must end first."""

    teams: int
    datasets: int
    videos: int
    models: int
    busy: tuple[str, ...]


def plan() -> SeasonPlan:
    busy = team_contents.at_work(Team.objects.all())
    return SeasonPlan(
        _teams_with_something().count(),
        Dataset.kept.count(),
        Video.kept.count(),
        TrainingJob.everything.count(),
        tuple(team.full_number for team in busy),
    )


def start(operator: User | None, name: str) -> Season:
    """Begin to archive the season. Raises ActionRefused."""
    name = " ".join(name.split())
    if not name:
        raise ActionRefused(messages.NO_SEASON_NAME)
    if not MaintenancePage.now().is_on:
        raise ActionRefused(messages.NO_MAINTENANCE)
    try:
        with transaction.atomic():
            season = Season.objects.create(name=name)
            teams = list(_teams_with_something())
            SeasonTeam.objects.bulk_create(SeasonTeam(season=season, team=team) for team in teams)
            if operator:
                audit.record(operator, audit.Kind.SEASON, name, messages.season_teams(len(teams)))
    except IntegrityError:
        raise ActionRefused(messages.SEASON_EXISTS) from None
    return season


def rows() -> QuerySet[Season]:
    """Return the seasons, newest first, with how many teams they have, how many are done, and how many failed."""
    return Season.objects.annotate(
        team_count=Count("teams", distinct=True),
        done_count=Count("teams", filter=Q(teams__is_done=True), distinct=True),
        failed_count=Count("exports", filter=Q(exports__state=Export.State.FAILED), distinct=True),
    )


def retry(season: Season) -> None:
    """Make the exports again that failed."""
    exports.remove(season.exports.filter(state=Export.State.FAILED))


def advance() -> None:
    """Go on with each season as far as that goes now. The next sweep continues from there."""
    held = leases.in_force("lease_until", clock.now(), timedelta(seconds=settings.LEASE_SECONDS))
    for season in Season.objects.filter(state=Season.State.RUNNING).exclude(held):
        lease = leases.claim(Season.objects.all(), season, "lease_until", leases.lease_end())
        if lease is None:
            continue
        try:
            for one in season.teams.filter(is_done=False).select_related("team"):
                if not MaintenancePage.now().is_on:
                    break
                lease.renew(leases.lease_end())
                _advance(season, one)
            is_done = not season.teams.filter(is_done=False).exists()
            lease.release(**({"state": Season.State.DONE, "ended": clock.now()} if is_done else {}))
        except StorageAway:
            lease.release()
        except LeaseLost as loss:
            log.warning("%s", loss)


def _advance(season: Season, one: SeasonTeam) -> None:
    export = season.exports.filter(team=one.team).first()
    if export is None:
        if not team_contents.at_work(Team.objects.filter(pk=one.team_id)).exists():
            _export(season, one.team)
    elif not export.is_ready:
        return
    elif team_contents.has_changed(one.team, export.created) or not storage.exists(export.stored_name):
        exports.remove(season.exports.filter(pk=export.pk))  # the maintenance page was off meanwhile
    elif team_contents.remove(one.team):
        with transaction.atomic():
            ledger.reset(Team.objects.filter(pk=one.team_id), settings.TEAM_SECONDS_ALLOWED, f"season {season}")
            SeasonTeam.objects.filter(pk=one.pk).update(is_done=True)


def _export(season: Season, team: Team) -> None:
    if season.exports.filter(state=Export.State.RUNNING).count() >= _EXPORTS_AT_ONCE:
        return
    exports.stop(exports.of_team(team))
    try:
        with transaction.atomic():
            Export.objects.create(team=team, season=season, created=clock.now())
    except IntegrityError:  # a coach asked for one at this moment
        return
    exports.wake_worker()


def _teams_with_something() -> QuerySet[Team]:
    of_team = {"team": OuterRef("pk")}
    has_any = (
        Exists(Dataset.kept.filter(**of_team))
        | Exists(Video.kept.filter(**of_team))
        | Exists(TrainingJob.everything.filter(**of_team))
    )
    return Team.objects.filter(has_any)
