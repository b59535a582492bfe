"""Who signs in with a code as well, by allauth's tables: turned on, checked, and turned off.

A code counts once, also where several processes serve. Wrong ones are counted with wrong passwords, but for the account
as a whole: who gets this far knows the password already.
"""

import hmac
import logging

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt
from django.db import transaction
from django.utils.http import urlencode

from ftcml.accounts.models import Membership, User
from ftcml.accounts.services import guessing

log = logging.getLogger(__name__)

_ISSUER = "ftcml"
_LAST_COUNTER = "last_counter"
_TOTP_DIGITS = 6


class WrongCode(Exception):
    """No code that counts now."""


def is_on(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def is_offered(user: User) -> bool:
    """Return whether the person may turn it on: a coach or an operator, who has a password."""
    is_coach = user.memberships.filter(role=Membership.Role.COACH).exists
    return user.has_usable_password() and (user.is_operator or is_coach())


def new_secret() -> str:
    return generate_totp_secret()


def address(user: User, secret: str) -> str:
    """Return what a phone's app reads from a QR code."""
    return f"otpauth://totp/{_ISSUER}:{user.username}?{urlencode({'secret': secret, 'issuer': _ISSUER})}"


@transaction.atomic
def turn_on(user: User, secret: str, code: str) -> list[str]:
    """Ask for codes from now on, and return the recovery codes, which are shown this once. Raises WrongCode."""
    User.objects.select_for_update().get(pk=user.pk)  # another tab may be about to do the same
    counter = _counter(secret, code, after=0)
    Authenticator.objects.filter(user=user).delete()
    phone = TOTP.activate(user, secret).instance
    phone.data[_LAST_COUNTER] = counter
    phone.save(update_fields=["data"])
    log.info("user %s: two-step sign-in is on", user.pk)
    return RecoveryCodes.activate(user).get_unused_codes()


def check(user: User, code: str) -> None:
    """Use up a code of the phone, or a recovery code. Raises WrongCode, which counts, and TooManyTries."""
    guesser = guessing.Guesser.of_code(user)
    guessing.check(guesser)
    if not _use(user, "".join(code.split()).replace("-", "")):
        guessing.count(guesser)
        raise WrongCode


@transaction.atomic
def new_recovery_codes(user: User) -> list[str]:
    """Return recovery codes in place of those of before."""
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    return RecoveryCodes.activate(user).get_unused_codes()


def turn_off(user: User) -> bool:
    """Ask for no code any more. Returns whether one was asked for."""
    count, _ = Authenticator.objects.filter(user=user).delete()
    log.info("user %s: two-step sign-in is off", user.pk)
    return bool(count)


@transaction.atomic
def _use(user: User, code: str) -> bool:
    held = {row.type: row for row in Authenticator.objects.select_for_update().filter(user=user)}
    phone, recovery = held.get(Authenticator.Type.TOTP), held.get(Authenticator.Type.RECOVERY_CODES)
    if phone is None:
        return False
    if len(code) != _TOTP_DIGITS:
        return bool(recovery) and RecoveryCodes(recovery).validate_code(code)
    try:
        phone.data[_LAST_COUNTER] = _counter(decrypt(phone.data["secret"]), code, after=phone.data[_LAST_COUNTER])
    except WrongCode:
        return False
    phone.save(update_fields=["data"])
    return True


def _counter(secret: str, code: str, after: int) -> int:
    """Return which half minute the code is of, of those that count now. Raises WrongCode."""
    for counter in yield_hotp_counters_from_time():
        right = secret and format_hotp_value(hotp_value(secret, counter))
        if right and counter > after and hmac.compare_digest(right.encode(), code.encode()):
            return counter
    raise WrongCode
