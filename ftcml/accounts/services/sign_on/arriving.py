"""From a person whom the provider vouches for to their account here.

An account belongs to an issuer and its subject. A name or an e-mail address links nothing: at some providers anybody
can have any.
"""

import logging
from contextlib import suppress

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import IntegrityError, transaction

from ftcml.accounts.models import User
from ftcml.accounts.reasons import Reason, SignOnRefused
from ftcml.accounts.services.membership import user_names
from ftcml.accounts.services.membership.people import PersonRefused
from ftcml.accounts.services.sign_on import claims as claims_of_teams
from ftcml.accounts.services.sign_on import memberships, operators
from ftcml.accounts.services.sign_on.tokens import Claims

log = logging.getLogger(__name__)

_TRIES = 3
_NAMELESS = "student"


def arrive(claims: Claims) -> User:
    """Return the account of who the claims are of, made if it's new and brought up to date. Raises SignOnRefused."""
    for attempt in range(_TRIES):
        try:
            return _arrive(claims)
        except IntegrityError:  # the same person in another tab, or another one of that user name, at this moment
            if attempt == _TRIES - 1:
                raise
    raise AssertionError("unreachable")


@transaction.atomic
def _arrive(claims: Claims) -> User:
    known = SocialAccount.objects.select_for_update().filter(provider=settings.OIDC_ISSUER, uid=claims["sub"])
    account = known.select_related("user").first() or _new(claims)
    user = account.user
    if not user.may_sign_in:
        raise SignOnRefused(Reason.CLOSED, f"user {user.pk}")
    memberships.bring_up_to_date(user, claims_of_teams.roles(claims))
    operators.bring_up_to_date(account, claims_of_teams.is_operator(claims))
    return user


def _new(claims: Claims) -> SocialAccount:
    typed = _names(claims)
    user = User(username=user_names.free(_user_name(typed), []), first_name=_display_name(claims))
    user.set_unusable_password()
    user.save()
    log.info("user %s is new, by the sign-in provider", user.pk)
    return SocialAccount.objects.create(user=user, provider=settings.OIDC_ISSUER, uid=claims["sub"], extra_data={})


def _names(claims: Claims) -> list[str]:
    """Return what the person may be called here, the best first. Of an address only what is before its host."""
    found = [claims.get("preferred_username"), claims.get("nickname"), claims.get("name"), claims.get("given_name")]
    return [name for one in found if isinstance(one, str) and (name := " ".join(one.partition("@")[0].split()))]


def _user_name(typed: list[str]) -> str:
    for name in typed:
        with suppress(PersonRefused):
            return user_names.wanted(name).username
    return _NAMELESS


def _display_name(claims: Claims) -> str:
    name = claims.get("name")
    longest = User._meta.get_field("first_name").max_length
    return " ".join(name.split())[:longest] if isinstance(name, str) else ""
