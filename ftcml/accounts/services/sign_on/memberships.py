"""Bring up to date the memberships that came from claims. Those that people gave stay as they are."""

import logging
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Q

from ftcml.accounts.models import Membership, Team, User
from ftcml.accounts.services.sign_on.claims import TeamKey
from ftcml.audit.services import access_log

log = logging.getLogger(__name__)


def bring_up_to_date(user: User, roles: dict[TeamKey, str]) -> None:
    """Give the person these roles. Belongs into a transaction, which locks their memberships."""
    held = {row.team_id: row for row in user.memberships.select_for_update()}
    wanted = {team.pk: roles[TeamKey(team.program, team.number)] for team in _teams(roles)}
    ended = [row.pk for team, row in held.items() if row.from_claims and team not in wanted]
    if ended:
        Membership.objects.filter(pk__in=ended).delete()
    changed = [row for team, row in held.items() if row.from_claims and team in wanted and row.role != wanted[team]]
    for row in changed:
        row.role = wanted[row.team_id]
    Membership.objects.bulk_update(changed, ["role"])
    new = [
        Membership(user=user, team_id=team, role=role, from_claims=True)
        for team, role in wanted.items()
        if team not in held
    ]
    Membership.objects.bulk_create(new)
    _write_down(user, held, ended, changed, new)
    if ended or changed or new:
        log.info("user %s by claims: %d new, %d changed, %d ended", user.pk, len(new), len(changed), len(ended))


def _write_down(
    user: User, held: dict[int, Membership], ended: list[int], changed: list[Membership], new: list[Membership]
) -> None:
    """Tell the access log, as for people whom a coach adds, changes or removes."""
    kind = access_log.Kind
    gone = [row for row in held.values() if row.pk in ended]
    done = [(kind.REMOVED, row.team_id, "") for row in gone]
    done += [(kind.ROLE, row.team_id, row.role) for row in changed]
    done += [(kind.ADDED, row.team_id, row.role) for row in new]
    if done:
        access_log.record_of_person(user.pk, done)


def _teams(keys: Iterable[TeamKey]) -> list[Team]:
    """Return the teams of these numbers; a team that isn't here is made, or left out, as the operator says."""
    asked = set(keys)
    teams = _known(asked)
    unknown = asked - {TeamKey(team.program, team.number) for team in teams}
    if not unknown:
        return teams
    if not settings.OIDC_MAKE_TEAMS:
        log.info("claims name teams that aren't here: %s", ", ".join(str(key.number) for key in unknown))
        return teams
    # At the same moment another person of the new team may sign in for the first time as well.
    new = [Team(program=key.program, number=key.number) for key in unknown]
    Team.objects.bulk_create(new, ignore_conflicts=True)
    return _known(asked)


def _known(keys: Iterable[TeamKey]) -> list[Team]:
    which = Q(pk__in=[])
    for program in Team.Program.values:
        which |= Q(program=program, number__in=[key.number for key in keys if key.program == program])
    return list(Team.objects.filter(which))
