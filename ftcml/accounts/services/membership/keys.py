"""The keys that let people onto a team: join codes for students, and invitations of coaches.

A code makes members, an invitation makes one coach. Each works until it ends, is used up or revoked, or until its maker
no longer coaches the team. A key is shown once, and stored as a digest that needs SECRET_KEY.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.crypto import salted_hmac

from ftcml.accounts import messages
from ftcml.accounts.models import JoinKey, Membership, Team, User, WaitingMail
from ftcml.accounts.services.membership.people import PersonRefused
from ftcml.core import clock

# Of one team at a time, codes and invitations together.
MOST_OF_A_TEAM = 20
MOST_PEOPLE = 100
CODE_LASTS, INVITATION_LASTS = timedelta(days=1), timedelta(days=7)
_SALT = "ftcml.join-keys"
# None that is taken for another where it is read from a board.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
# 39 bits of chance, which is enough while wrong codes are counted and a code lasts for days.
_LETTERS_OF_A_CODE, _LETTERS_OF_A_GROUP = 8, 4


@dataclass(frozen=True)
class NewKey:
    """A key as it's shown this once. `text`: what is typed, or stands in a link."""

    row: JoinKey
    text: str


def make_code(team: Team, maker: User, people: int, lasts: timedelta = CODE_LASTS) -> NewKey:
    """Make a code with which so many people become members of the team. Raises PersonRefused."""
    if not 1 <= people <= MOST_PEOPLE:
        raise PersonRefused(messages.bad_code_size(MOST_PEOPLE))
    check_room(team)
    text = _new_code()
    row = JoinKey.objects.create(team=team, maker=maker, most=people, digest=digest_of(text), **_times(lasts))
    return NewKey(row, text)


def make_invitation(team: Team, maker: User) -> NewKey:
    """Make the key of a link to hand over, with which one person becomes a coach of the team. Raises PersonRefused."""
    check_room(team)
    text = new_invitation_key()
    row = JoinKey.objects.create(
        team=team, maker=maker, is_invitation=True, digest=digest_of(text), **_times(INVITATION_LASTS)
    )
    return NewKey(row, text)


def note_invitation(team: Team, maker: User, email: str) -> JoinKey:
    """Note an invitation by mail; its key is made when the mail is written. Raises PersonRefused."""
    check_room(team)
    return JoinKey.objects.create(team=team, maker=maker, is_invitation=True, email=email, **_times(INVITATION_LASTS))


def check_room(team: Team) -> None:
    """Raise PersonRefused while the team has as many keys as one team may have."""
    if of(team).count() >= MOST_OF_A_TEAM:
        raise PersonRefused(messages.too_many_keys(MOST_OF_A_TEAM))


def of(team: Team) -> QuerySet[JoinKey]:
    """Return the team's keys, the newest first, with those whose mail waits (`is_waiting`) or couldn't be sent."""
    waiting = WaitingMail.objects.filter(key=OuterRef("pk"), is_done=False, tries__lt=WaitingMail.MOST_TRIES)
    return _live().filter(team=team).select_related("maker").annotate(is_waiting=Exists(waiting))


def find(typed: str) -> JoinKey | None:
    """Return the key that was typed or came by a link, None where it's none that works."""
    return _live().select_related("team", "maker").filter(digest=digest_of(typed)).first()


def take(key: JoinKey) -> bool:
    """Use the key once, inside the transaction of what it's used for. Return whether that was still possible.

    Two who use the last place at once: the row lets one of them.
    """
    taken = JoinKey.objects.filter(pk=key.pk, used__lt=F("most"), expires__gt=clock.now()).update(used=F("used") + 1)
    return bool(taken)


def forget_ended() -> None:
    """Remove keys that nobody can use any more, and the mail addresses in them."""
    JoinKey.objects.filter(Q(expires__lte=clock.now()) | Q(used__gte=F("most"))).delete()


def new_invitation_key() -> str:
    return secrets.token_urlsafe(32)


def digest_of(typed: str) -> str:
    """Return what is stored of a key. Of a code, capitals, hyphens and blanks don't count."""
    plain = "".join(typed.split())
    code = plain.replace("-", "").lower()
    is_code = len(code) == _LETTERS_OF_A_CODE
    return salted_hmac(_SALT, code if is_code else plain, algorithm="sha256").hexdigest()


def _new_code() -> str:
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_LETTERS_OF_A_CODE))
    return f"{letters[:_LETTERS_OF_A_GROUP]}-{letters[_LETTERS_OF_A_GROUP:]}"


def _times(lasts: timedelta) -> dict[str, datetime]:
    now = clock.now()
    return {"created": now, "expires": now + lasts}


def _live() -> QuerySet[JoinKey]:
    coaches = Membership.objects.filter(user=OuterRef("maker"), team=OuterRef("team"), role=Membership.Role.COACH)
    may_make = Exists(coaches) | Q(maker__is_staff=True) | Q(maker__is_superuser=True)
    of_people = JoinKey.objects.filter(may_make, maker__is_active=True)
    return of_people.exclude(maker__username__in=settings.CLOSED_ACCOUNTS).filter(
        expires__gt=clock.now(), used__lt=F("most")
    )
