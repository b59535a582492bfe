"""Keep the passwords that the server makes readable for who made them, until they say that they are done.

No password is stored. A slip has a secret, and the password follows from it and from SECRET_KEY, which isn't in the
database: a stolen database opens nothing. A slip ends with "done", with its person's next password, or after a day.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.core.signing import BadSignature, Signer
from django.utils.crypto import salted_hmac

from ftcml.accounts.models import Membership, PasswordSlip, Team, User
from ftcml.core import clock

KEPT = timedelta(days=1)
_SALT = "ftcml.password-slips"
# None that is taken for another where it is read from a slip of paper.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _LETTERS_OF_A_GROUP = 3, 4
_PASSWORDS = len(_LETTERS) ** (_GROUPS * _LETTERS_OF_A_GROUP)


@dataclass(frozen=True)
class Slip:
    """What a coach hands to a person: who they are here, and how they sign in.

    `number`: grows from one slip to the next.
    """

    number: int
    name: str
    username: str
    password: str
    team: Team


def new_password() -> str:
    """Return 59 bits of chance, easy to read out and to type."""
    return _readable(secrets.randbelow(_PASSWORDS))


def new_secret() -> str:
    """Return what a password follows from, signed, so that one made under another SECRET_KEY is recognized."""
    return Signer(salt=_SALT).sign(secrets.token_urlsafe(16))


def password_of(secret: str) -> str:
    """Return the password that follows from the secret. Raises BadSignature."""
    Signer(salt=_SALT).unsign(secret)
    digest = salted_hmac(_SALT, secret, algorithm="sha256").digest()
    return _readable(int.from_bytes(digest) % _PASSWORDS)


def keep(maker: User, membership: Membership, secret: str) -> None:
    """Let the maker read the password of this secret, which the person has from now on."""
    PasswordSlip.objects.create(maker=maker, membership=membership, secret=secret, created=clock.now())


def of(maker: User) -> list[Slip]:
    """Return the slips that the maker isn't done with, and may still read."""
    rows = PasswordSlip.objects.filter(maker=maker, created__gt=clock.now() - KEPT)
    rows = rows.select_related("membership__user", "membership__team")
    teams = {team.pk: maker.is_operator or team.is_coached_by(maker) for team in {row.membership.team for row in rows}}
    return [slip for row in rows if teams[row.membership.team_id] and (slip := _slip(row))]


def newest(maker: User, membership: Membership) -> str:
    """Return the password that the maker gave this person last. Raises DoesNotExist where they are done with it."""
    return password_of(PasswordSlip.objects.filter(maker=maker, membership=membership).latest("pk").secret)


def done(maker: User, newest: int) -> None:
    """Forget the maker's slips up to the newest one that they have seen. Another tab may have made more since."""
    PasswordSlip.objects.filter(maker=maker, pk__lte=newest).delete()


def forget_old() -> None:
    """Remove the slips that have ended."""
    PasswordSlip.objects.filter(created__lte=clock.now() - KEPT).delete()


def _slip(row: PasswordSlip) -> Slip | None:
    person = row.membership.user
    try:
        password = password_of(row.secret)
    except BadSignature:  # SECRET_KEY has changed since
        return None
    return Slip(row.pk, person.first_name or person.username, person.username, password, row.membership.team)


def _readable(number: int) -> str:
    letters: list[str] = []
    for _ in range(_GROUPS * _LETTERS_OF_A_GROUP):
        number, place = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[place])
    return "-".join(_groups(letters))


def _groups(letters: Sequence[str]) -> list[str]:
    starts = range(0, len(letters), _LETTERS_OF_A_GROUP)
    return ["".join(letters[start : start + _LETTERS_OF_A_GROUP]) for start in starts]
