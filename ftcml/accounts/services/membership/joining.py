"""Join a team with a key: make an account of one's own, or bring the one that one has."""

import logging

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from ftcml.accounts import messages
from ftcml.accounts.models import JoinKey, Membership, User
from ftcml.accounts.services.membership import keys, people, user_names
from ftcml.accounts.services.membership.people import PersonRefused
from ftcml.accounts.services.membership.user_names import Wanted
from ftcml.audit.services import access_log

log = logging.getLogger(__name__)

Role = Membership.Role


def join_new(key: JoinKey, wanted: Wanted, password: str) -> User:
    """Make an account of that name on the key's team. Raises PersonRefused, and then the key isn't used."""
    _check_free(wanted)
    # Slow on purpose, and so not inside the transaction.
    hashed = make_password(password)
    user = User(username=wanted.username, first_name=wanted.display_name, password=hashed, email=key.email)
    try:
        with transaction.atomic():
            _take(key)
            _check_free(wanted)
            people.add(user, key.team, _role(key))
    except IntegrityError:
        raise PersonRefused(messages.CHANGED_MEANWHILE) from None
    log.info("team %s: user %s joined by key %s", key.team_id, user.pk, key.pk)
    return user


@transaction.atomic
def join(key: JoinKey, user: User) -> None:
    """Put the person on the key's team, which their pages then show. Raises PersonRefused, with the key not used.

    A code never changes who is on the team already. An invitation makes a member a coach.
    """
    # Locked until the end: two tabs of one person, or a coach who changes the role meanwhile.
    here = Membership.objects.select_for_update().filter(user=user, team=key.team).first()
    if here and not (key.is_invitation and here.role == Role.MEMBER):
        raise PersonRefused(messages.on_this_team(str(key.team)))
    _take(key)
    if here:
        Membership.objects.filter(pk=here.pk).update(role=Role.COACH)
        access_log.record(access_log.Kind.ROLE, key.team_id, Role.COACH, person_id=user.pk, other_id=user.pk)
    else:
        Membership.objects.get_or_create(user=user, team=key.team, defaults={"role": _role(key)})
        access_log.record(access_log.Kind.ADDED, key.team_id, _role(key), person_id=user.pk, other_id=user.pk)
    User.objects.filter(pk=user.pk).update(active_team=key.team)
    log.info("team %s: user %s joined by key %s", key.team_id, user.pk, key.pk)


def _role(key: JoinKey) -> Membership.Role:
    return Role.COACH if key.is_invitation else Role.MEMBER


def _take(key: JoinKey) -> None:
    if not keys.take(key):
        raise PersonRefused(messages.KEY_OVER)


def _check_free(wanted: Wanted) -> None:
    if user_names.owners([wanted.username]).exists():
        raise PersonRefused(messages.name_taken(wanted.username, user_names.free(wanted.username, [])))
