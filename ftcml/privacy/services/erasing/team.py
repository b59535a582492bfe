"""Erases a team: its people who are on no other team, all that it has made, its files, and at last its row."""

import logging

from django.apps import apps
from django.db import transaction
from django.db.models import ProtectedError, Q

from ftcml.accounts.models import Team
from ftcml.audit.services import access_log
from ftcml.core.files import storage
from ftcml.privacy.services import team_contents
from ftcml.privacy.services.erasing import person, plan
from ftcml.privacy.services.erasing.person import Beat
from ftcml.privacy.services.exports import exports

log = logging.getLogger(__name__)

FORMER = "former-team"


def erase(team: Team, beat: Beat) -> bool:
    """Erase the team as far as that goes now, and return whether it is gone. May be repeated until it is.

    `beat`: called between the steps; what it raises ends this. Raises StorageAway.
    """
    for one in plan.people_of(team):
        person.erase(one, beat)
    team.memberships.all().delete()
    exports.stop(team.exports.all())
    exports.remove(team.exports.all())
    beat()
    if not team_contents.remove(team):
        return False
    storage.remove_tree(f"teams/{team.pk}")
    beat()
    return _remove_row(team, beat)


def _forget_in_audit_log(team: Team) -> None:
    """Keep of what operators did with the team who, when and what, and of minutes how many."""
    actions = apps.get_model("console.OperatorAction").objects
    number = team.full_number
    found = actions.filter(Q(subject=number) | Q(subject__contains=f" of {number} ("))
    found.exclude(kind__in=("grant", "reset")).update(details="")
    found.update(subject=FORMER)


def _remove_row(team: Team, beat: Beat) -> bool:
    _forget_in_audit_log(team)
    person.replace_words([str(team), team.full_number, team.name], FORMER, beat)
    access_log.forget_names(team=team)
    apps.get_model("installation.UnknownFile").objects.filter(name__startswith=f"teams/{team.pk}/").delete()
    person.let_go(team, beat)
    try:
        with transaction.atomic():
            team.delete()
    except ProtectedError:  # made at this moment by a worker that has just learned that the team is gone
        log.warning("team %s can't be removed yet", team.pk)
        return False
    return True
