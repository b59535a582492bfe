"""What a coach does with the members of the own team: give them accounts and passwords, and let them go.

Coaches and operators are changed by the operator alone: whoever sets somebody's password can be that person.
"""

import logging
import secrets
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet
from django.utils.text import Truncator

from ftcml.accounts.models import Membership, Team, User
from ftcml.accounts.services import people
from ftcml.accounts.services.people import PersonRefused

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _TeamCount(TypedDict):
        team_count: int

    CountedMembership: TypeAlias = WithAnnotations[Membership, _TeamCount]

log = logging.getLogger(__name__)

# Each password takes a quarter of a second of a processor to store, on purpose.
MOST_AT_ONCE = 10
# None that is taken for another where it is read from a slip of paper.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _LETTERS_OF_A_GROUP = 3, 4
_REMOVED = "Another coach removed this person just now. Load the page again."


@dataclass(frozen=True)
class Account:
    """`password`: new, and shown this once; "" for a person who had an account already and keeps the password."""

    name: str
    password: str


@dataclass(frozen=True)
class Row:
    """A person of the team, and why a coach cannot give a new password or let the person go, "" where they can."""

    membership: Membership
    password_refusal: str
    remove_refusal: str


def rows(team: Team) -> list[Row]:
    """Everybody in the team, coaches first."""
    return [
        Row(membership, password_refusal(membership), remove_refusal(membership))
        for membership in _counted(team.memberships.all()).order_by("role", "user__username")
    ]


def add(team: Team, names: Sequence[str]) -> list[Account]:
    """Make each person of these names a member, with a new account where there is none.

    Passwords take seconds to hash, on purpose: that is done before the transaction, for which others wait. Raises
    PersonRefused, and then nobody was added.
    """
    wanted = _checked(names)
    known = {owner.username for owner in _owners(wanted)}
    accounts = [Account(name, "" if name in known else new_password()) for name in wanted]
    users = _users(account for account in accounts if account.password)
    try:
        _add(team, wanted, known, users)
    except IntegrityError:
        raise PersonRefused(
            "Another coach added one of these names just now. Load the page again and look who is there."
        ) from None
    log.info("team %s: %d people added", team.pk, len(accounts))
    return accounts


@transaction.atomic
def _add(team: Team, wanted: Sequence[str], known: set[str], new: Sequence[User]) -> None:
    owners = _owners(wanted)
    if {owner.username for owner in owners} != known:
        raise PersonRefused("Somebody changed one of these accounts at the same moment. Try again.")
    for user in [*owners, *new]:
        people.add(user, team, Membership.Role.MEMBER)


def give_new_password(membership: Membership) -> Account:
    """End every session and token of the person. Raises PersonRefused."""
    _refuse_password(membership)
    account = Account(membership.user.username, new_password())
    # Slow on purpose, and so not inside the transaction.
    membership.user.set_password(account.password)
    with transaction.atomic():
        _locked(membership)
        _refuse_password(membership)
        membership.user.save(update_fields=["password"])
    log.info("team %s: new password for user %s", membership.team_id, membership.user_id)
    return account


@transaction.atomic
def remove(membership: Membership) -> None:
    """Take the person out of the team; an account that is in no team then goes too. Raises PersonRefused."""
    _locked(membership)
    if refusal := remove_refusal(membership):
        raise PersonRefused(refusal)
    user = membership.user
    membership.delete()
    if not user.memberships.exists():
        user.delete()
    log.info("team %s: user %s removed", membership.team_id, membership.user_id)


def _refuse_password(membership: Membership) -> None:
    """Raise PersonRefused where the coach cannot give a new password now."""
    counted = _counted(Membership.objects.all()).filter(pk=membership.pk).first()
    if counted is None:
        raise PersonRefused(_REMOVED)
    if refusal := password_refusal(counted):
        raise PersonRefused(refusal)


def password_refusal(membership: "CountedMembership") -> str:
    """Why a coach cannot give a new password, "" where they can. `membership`: with its teams counted."""
    if refusal := remove_refusal(membership):
        return refusal
    if membership.team_count > 1:
        return f"{membership.user} is in another team as well. Ask {settings.SUPPORT_CONTACT} for a new password."
    return ""


def remove_refusal(membership: Membership) -> str:
    if membership.user.is_operator:
        return f"{membership.user} runs this server."
    if membership.role == Membership.Role.COACH:
        return f"{membership.user} is a coach. Ask {settings.SUPPORT_CONTACT} to change coaches."
    return ""


def new_password() -> str:
    """59 bits of chance, easy to read out and to type."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_LETTERS_OF_A_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def _locked(membership: Membership) -> int:
    """Keep the membership, if another coach hasn't ended it, until this transaction ends. Raises PersonRefused."""
    key = Membership.objects.select_for_update().filter(pk=membership.pk).values_list("pk", flat=True).first()
    if key is None:
        raise PersonRefused(_REMOVED)
    return key


def _users(accounts: Iterable[Account]) -> list[User]:
    """New people, not saved; their passwords are hashed side by side."""

    def user(account: Account) -> User:
        return User(username=account.name, password=make_password(account.password))

    with ThreadPoolExecutor(MOST_AT_ONCE) as pool:
        return list(pool.map(user, accounts))


def _counted(memberships: QuerySet[Membership]) -> "QuerySet[CountedMembership]":
    """With `team_count`: in how many teams the person is."""
    return memberships.select_related("user").annotate(team_count=Count("user__memberships"))


def _checked(names: Sequence[str]) -> list[str]:
    """The names without empty ones. Raises PersonRefused for too few, too many, or one that comes twice."""
    wanted = [name for given in names if (name := given.strip())]
    if not wanted:
        raise PersonRefused("Write at least one user name.")
    if len(wanted) > MOST_AT_ONCE:
        raise PersonRefused(f"Add at most {MOST_AT_ONCE} people at a time.")
    for name in wanted:
        _check_name(name)
    if len({name.casefold() for name in wanted}) < len(wanted):
        raise PersonRefused("One of these names is there twice. Each person needs a name of their own.")
    if closed := set(settings.CLOSED_ACCOUNTS) & set(wanted):
        raise PersonRefused(f"The account “{min(closed)}” is closed while this server serves others.")
    return wanted


def _check_name(name: str) -> None:
    """Raise PersonRefused for a name that no account can have, before the database is asked about it."""
    try:
        User._meta.get_field("username").clean(name, None)
    except ValidationError as error:
        shown = Truncator(name).chars(30)
        raise PersonRefused(f"“{shown}” cannot be a person's name here: {' '.join(error.messages)}") from None


def _owners(names: Sequence[str]) -> Sequence[User]:
    """Who has one of these names and is in no team yet. Raises PersonRefused for a name that anybody else has."""
    alike = Q()
    for name in names:
        alike |= Q(username__iexact=name)
    owners = list(User.objects.filter(alike).annotate(team_count=Count("memberships")))
    for owner in owners:
        if owner.team_count or owner.is_operator or owner.username not in names:
            raise PersonRefused(
                f"There is an account “{owner.username}” already. Choose another name. If it is the same person, ask "
                f"{settings.SUPPORT_CONTACT} to add them to your team."
            )
    return owners
