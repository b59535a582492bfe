"""Which account here is whose at the provider, where an operator says so."""

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction

from ftcml.accounts import messages
from ftcml.accounts.models import User
from ftcml.accounts.services.membership.people import PersonRefused
from ftcml.accounts.services.sign_on import memberships, operators, sessions


@transaction.atomic
def link(user: User, subject: str) -> None:
    """Let who has this subject at the provider sign in as this person. Raises PersonRefused."""
    _refuse_second(user)
    if SocialAccount.objects.filter(provider=settings.OIDC_ISSUER, uid=subject).exists():
        raise PersonRefused(messages.SUBJECT_TAKEN)
    SocialAccount.objects.create(user=user, provider=settings.OIDC_ISSUER, uid=subject, extra_data={})


@transaction.atomic
def take_over(user: User, other: User) -> None:
    """Let who signs in as the other through the provider sign in as this person from now on. Raises PersonRefused."""
    _refuse_second(user)
    account = _of(other)
    if account is None:
        raise PersonRefused(messages.not_linked(str(other)))
    _end_what_claims_gave(account)
    account.user = user
    account.save(update_fields=["user"])


@transaction.atomic
def end(user: User) -> None:
    """Keep the person from signing in through the provider, and take what its claims gave. Raises PersonRefused."""
    account = _of(user)
    if account is None:
        raise PersonRefused(messages.not_linked(str(user)))
    _end_what_claims_gave(account)
    account.delete()


def _of(user: User) -> SocialAccount | None:
    accounts = SocialAccount.objects.select_for_update().select_related("user")
    return accounts.filter(user=user, provider=settings.OIDC_ISSUER).first()


def _refuse_second(user: User) -> None:
    if _of(user):
        raise PersonRefused(messages.already_linked(str(user)))


def _end_what_claims_gave(account: SocialAccount) -> None:
    memberships.bring_up_to_date(account.user, {})
    operators.bring_up_to_date(account, False)
    sessions.end_all(account.user)
