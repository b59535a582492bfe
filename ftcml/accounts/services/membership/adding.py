"""Add the people whose names a coach typed to the coach's team."""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import Q

from ftcml.accounts import messages
from ftcml.accounts.models import Membership, Team, User
from ftcml.accounts.services.membership import people, slips, user_names
from ftcml.accounts.services.membership.people import PersonRefused
from ftcml.accounts.services.membership.user_names import Wanted

log = logging.getLogger(__name__)

# Each password takes a quarter of a second of a processor to store, on purpose, and two are stored at a time.
MOST_AT_ONCE = 20


@dataclass(frozen=True)
class New:
    """A person without an account. `secret`: what the password follows from."""

    wanted: Wanted
    username: str
    secret: str


@dataclass(frozen=True)
class Added:
    """What became of the names. `new`: they have a slip. `joined`: they had an account, and keep their password.

    `already`: they were on the team before.
    """

    new: list[New] = field(default_factory=list)
    joined: list[User] = field(default_factory=list)
    already: list[str] = field(default_factory=list)

    @property
    def renamed(self) -> list[New]:
        """Those whose user name was taken."""
        return [one for one in self.new if one.username != one.wanted.username]


def add(team: Team, typed: Sequence[str], maker: User) -> Added:
    """Make each of these people a member, with an account and a slip for the maker if they have no account yet.

    Passwords take seconds to hash, on purpose: that is done before the transaction, for which others wait. Raises
    PersonRefused, and then no one was added.
    """
    added = _sorted_out(team, typed)
    users = _users(added.new)
    try:
        _save(team, added, users, maker)
    except IntegrityError:
        raise PersonRefused(messages.ADDED_MEANWHILE) from None
    log.info("team %s: %d people added", team.pk, len(added.new) + len(added.joined))
    return added


def _sorted_out(team: Team, typed: Sequence[str]) -> Added:
    """Return what is to become of each name. Raises PersonRefused."""
    if not typed:
        raise PersonRefused(messages.NO_NAMES)
    if len(typed) > MOST_AT_ONCE:
        raise PersonRefused(messages.too_many_names(MOST_AT_ONCE, len(typed)))
    added = Added()
    for wanted in map(user_names.wanted, typed):
        if _is_on(team, wanted):
            added.already.append(wanted.username)
        elif owner := _without_a_team(wanted.username):
            if owner not in added.joined:
                added.joined.append(owner)
        else:
            username = user_names.free(wanted.username, [one.username for one in added.new])
            added.new.append(New(wanted, username, slips.new_secret()))
    if not (added.new or added.joined):
        raise PersonRefused(messages.all_on_the_team(added.already))
    return added


def _is_on(team: Team, wanted: Wanted) -> bool:
    is_same = Q(user__username__iexact=wanted.username)
    if wanted.display_name:
        is_same |= Q(user__first_name__iexact=wanted.display_name)
    return team.memberships.filter(is_same).exists()


def _without_a_team(username: str) -> User | None:
    """Return the person of exactly that name who is on no team, if there is one. Operators don't count."""
    owner = User.objects.filter(username=username, memberships=None).first()
    return owner if owner and not owner.is_operator else None


def _users(new: Sequence[New]) -> list[User]:
    """Return new people, not saved; their passwords are hashed side by side."""

    def user(one: New) -> User:
        password = make_password(slips.password_of(one.secret))
        return User(username=one.username, first_name=one.wanted.display_name, password=password)

    with ThreadPoolExecutor(MOST_AT_ONCE) as pool:
        return list(pool.map(user, new))


@transaction.atomic
def _save(team: Team, added: Added, users: Sequence[User], maker: User) -> None:
    for owner in added.joined:
        if _without_a_team(owner.username) != owner:
            raise PersonRefused(messages.CHANGED_MEANWHILE)
        people.add(owner, team, Membership.Role.MEMBER)
    if user_names.owners([user.username for user in users]).exists():
        raise PersonRefused(messages.CHANGED_MEANWHILE)
    for user, one in zip(users, added.new, strict=True):
        slips.keep(maker, people.add(user, team, Membership.Role.MEMBER), one.secret)
