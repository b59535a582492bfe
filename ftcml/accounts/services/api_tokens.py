"""The keys of programs: made, used, listed, revoked, and ended when they aren't used any more."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from ftcml.accounts import messages
from ftcml.accounts.models import ApiToken, Membership, Scope, Team, User, end_of_token
from ftcml.audit.services import access_log
from ftcml.core import clock

MOST = 50  # of one person in one team
# How exact "last used" is: a program that asks every second costs one write a minute.
_NOTED_EVERY = timedelta(minutes=1)


class TokenRefused(Exception):
    """No token was made; str() is the sentence that says why."""


@transaction.atomic
def make(membership: Membership, name: str = "", scopes: Iterable[str] = tuple(Scope)) -> str:
    """Make a token and return its key, which is shown this once. Raises TokenRefused."""
    if membership.tokens.filter(expires__gt=clock.now()).count() >= MOST:
        raise TokenRefused(messages.too_many_tokens(MOST))
    name = name.strip()
    access_log.record(access_log.Kind.TOKEN_MADE, membership.team_id, name, person_id=membership.user_id)
    return ApiToken.issue(membership, name, scopes)


@transaction.atomic
def revoke(token: ApiToken) -> None:
    """End the token now."""
    access_log.record(access_log.Kind.TOKEN_REVOKED, token.membership.team_id, token.name)
    token.delete()


def use(key: str) -> ApiToken | None:
    """The token of that key, unless it has ended. Using it puts its end off."""
    now = clock.now()
    found = ApiToken.objects.select_related("membership__user", "membership__team").filter(
        digest=ApiToken.digest_of(key), expires__gt=now
    )
    token = found.first()
    if token and token.membership.user.may_sign_in and _is_worth_noting(token, now):
        ApiToken.objects.filter(pk=token.pk).update(last_used=now, expires=end_of_token())
    return token


def of(user: User) -> QuerySet[ApiToken]:
    """The person's own tokens that work, in all their teams, newest first."""
    tokens = ApiToken.objects.filter(membership__user=user, expires__gt=clock.now())
    return tokens.select_related("membership__team")


def of_membership(user: User, team: Team) -> QuerySet[ApiToken]:
    """The same in one team: a program of one team knows nothing of the person's others."""
    return of(user).filter(membership__team=team)


def forget_ended() -> None:
    """Remove tokens that have ended."""
    ApiToken.objects.filter(expires__lte=clock.now()).delete()


def _is_worth_noting(token: ApiToken, now: datetime) -> bool:
    return token.last_used is None or now - token.last_used > _NOTED_EVERY
