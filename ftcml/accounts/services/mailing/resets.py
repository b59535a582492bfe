"""New passwords by mail, with Django's tokens: each works once, until the password changes, and for two hours."""

from collections.abc import Iterator
from contextlib import suppress

from django.conf import settings
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.tokens import default_token_generator
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from ftcml.accounts.models import User
from ftcml.accounts.services.mailing.own_address import may_have_one

HOURS = settings.PASSWORD_RESET_TIMEOUT // 3600


def people_with(email: str) -> Iterator[User]:
    """Return who gets a link at this address: coaches and operators who may sign in with a password."""
    for user in PasswordResetForm().get_users(email):
        if isinstance(user, User) and user.may_sign_in and may_have_one(user):
            yield user


def key_of(user: User) -> str:
    """Return a key with which the person gives themselves a new password."""
    return f"{urlsafe_base64_encode(str(user.pk).encode())}.{default_token_generator.make_token(user)}"


def find(key: str) -> User | None:
    """Return whose key it is, None where it doesn't work any more."""
    number, _, token = key.partition(".")
    user = None
    with suppress(ValueError, OverflowError):
        user = User.objects.filter(pk=int(urlsafe_base64_decode(number))).first()
    works = user and user.may_sign_in and default_token_generator.check_token(user, token)
    return user if works else None
