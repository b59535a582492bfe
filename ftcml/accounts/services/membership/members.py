"""What a coach does with the people of the own team: change their roles and passwords, and remove them.

A coach sets no password that would open more than the own team's data, and changes no operator.
"""

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from django.db import transaction
from django.db.models import Count, QuerySet

from ftcml.accounts import messages
from ftcml.accounts.models import Membership, Team, User
from ftcml.accounts.services.mailing import own_address
from ftcml.accounts.services.membership import slips
from ftcml.accounts.services.membership.people import PersonRefused
from ftcml.audit.services import access_log

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _TeamCount(TypedDict):
        team_count: int

    CountedMembership: TypeAlias = WithAnnotations[Membership, _TeamCount]

log = logging.getLogger(__name__)

Role = Membership.Role


@dataclass(frozen=True)
class Row:
    """A person of the team, and why a coach can't change them so, "" where they can."""

    membership: Membership
    role_refusal: str
    password_refusal: str
    remove_refusal: str

    @property
    def other_role(self) -> Membership.Role:
        return other_role(self.membership)


def rows(team: Team) -> list[Row]:
    """Return everyone on the team, coaches first."""
    found = list(_counted(team.memberships.all()).order_by("role", "user__username"))
    coaches = sum(one.role == Role.COACH for one in found)
    return [Row(one, role_refusal(one, coaches), password_refusal(one), remove_refusal(one)) for one in found]


def other_role(membership: Membership) -> Membership.Role:
    """Return the role that a person of this membership can be given."""
    return Role.MEMBER if membership.role == Role.COACH else Role.COACH


@transaction.atomic
def change_role(membership: Membership, role: str) -> None:
    """Make the person a coach or a member; the last coach stays one. Raises PersonRefused."""
    # All coaches of the team are locked: of two who step down at the same moment one must stay.
    list(Membership.objects.select_for_update().filter(team=membership.team, role=Role.COACH))
    _lock(membership)
    membership.refresh_from_db()
    if membership.role == role:
        return
    if refusal := role_refusal(membership, _coach_count(membership.team)):
        raise PersonRefused(refusal)
    membership.role = role
    membership.save(update_fields=["role"])
    if membership.user.email and not own_address.may_have_one(membership.user):
        own_address.remove(membership.user)
    access_log.record(access_log.Kind.ROLE, membership.team_id, role, other_id=membership.user_id)
    log.info("team %s: user %s is %s now", membership.team_id, membership.user_id, role)


def give_new_password(membership: Membership, maker: User) -> None:
    """Give the person a new password, of which the maker gets a slip. Ends their sessions and tokens.

    Raises PersonRefused.
    """
    _refuse_password(membership)
    secret = slips.new_secret()
    # Slow on purpose, and so not inside the transaction.
    membership.user.set_password(slips.password_of(secret))
    with transaction.atomic():
        _lock(membership)
        _refuse_password(membership)
        membership.user.save(update_fields=["password"])
        slips.keep(maker, membership, secret)
        access_log.record(access_log.Kind.PASSWORD, membership.team_id, other_id=membership.user_id)
    log.info("team %s: new password for user %s", membership.team_id, membership.user_id)


@transaction.atomic
def remove(membership: Membership) -> None:
    """Take the person off the team. An account that is on no team then goes too. Raises PersonRefused."""
    _lock(membership)
    membership.refresh_from_db()
    if refusal := remove_refusal(membership):
        raise PersonRefused(refusal)
    user = membership.user
    access_log.record(access_log.Kind.REMOVED, membership.team_id, other_id=user.pk)
    membership.delete()
    if not user.memberships.exists():
        user.delete()
    log.info("team %s: user %s removed", membership.team_id, membership.user_id)


def role_refusal(membership: Membership, coaches: int) -> str:
    """Return why the person can't be given the other role, or "". `coaches`: how many the team has."""
    if membership.role == Role.COACH and coaches < 2:
        return messages.LAST_COACH
    return messages.is_an_operator(str(membership.user)) if membership.user.is_operator else ""


def password_refusal(membership: "CountedMembership") -> str:
    """Return why a coach can't give a new password, or "". `membership`: with its teams counted."""
    if refusal := remove_refusal(membership):
        return refusal
    return messages.on_another_team(str(membership.user)) if membership.team_count > 1 else ""


def remove_refusal(membership: Membership) -> str:
    """Return why a coach can't remove the person, or ""."""
    if membership.user.is_operator:
        return messages.is_an_operator(str(membership.user))
    return messages.is_a_coach(str(membership.user)) if membership.role == Role.COACH else ""


def _refuse_password(membership: Membership) -> None:
    """Raise PersonRefused where the coach can't give a new password now."""
    counted = _counted(Membership.objects.all()).filter(pk=membership.pk).first()
    if counted is None:
        raise PersonRefused(messages.REMOVED_MEANWHILE)
    if refusal := password_refusal(counted):
        raise PersonRefused(refusal)


def _lock(membership: Membership) -> None:
    """Keep the membership, if another coach hasn't ended it, until this transaction ends. Raises PersonRefused."""
    if not Membership.objects.select_for_update().filter(pk=membership.pk).values_list("pk").first():
        raise PersonRefused(messages.REMOVED_MEANWHILE)


def _coach_count(team: Team) -> int:
    return team.memberships.filter(role=Role.COACH).count()


def _counted(memberships: QuerySet[Membership]) -> "QuerySet[CountedMembership]":
    """With `team_count`: on how many teams the person is."""
    return memberships.select_related("user").annotate(team_count=Count("user__memberships"))


def let_members_upload(team: Team, may: bool) -> None:
    """Let members upload videos, or coaches alone."""
    Team.objects.filter(pk=team.pk).update(members_upload=may)
