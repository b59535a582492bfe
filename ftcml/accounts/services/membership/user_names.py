"""From what a coach types or pastes to user names that are free."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.text import Truncator

from ftcml.accounts import messages
from ftcml.accounts.models import User
from ftcml.accounts.services.membership.people import PersonRefused

_BETWEEN_NAMES = re.compile(r"[\n\r\t,;]+")
_NOT_IN_A_USER_NAME = re.compile(r"[^a-z0-9._-]+")
_LONGEST = User._meta.get_field("username").max_length or 150


@dataclass(frozen=True)
class Wanted:
    """A person to add: what was typed, and the user name that it asks for."""

    typed: str
    username: str

    @property
    def display_name(self) -> str:
        """What the person is called, or "" where that is the user name."""
        return "" if self.typed == self.username else self.typed[:_LONGEST]


def split(text: str) -> list[str]:
    """Return the names in a text with one a line, or with commas, semicolons or tabs between them."""
    return [name for part in _BETWEEN_NAMES.split(text) if (name := " ".join(part.split()))]


def wanted(typed: str) -> Wanted:
    """Return the user name for what was typed: itself, or for “Zoë Smith” zoe.smith. Raises PersonRefused."""
    username = typed if " " not in typed else _as_user_name(typed)
    if not username:
        raise PersonRefused(messages.no_user_name(Truncator(typed).chars(30)))
    try:
        User._meta.get_field("username").clean(username, None)
    except ValidationError as error:
        shown = Truncator(username).chars(30)
        raise PersonRefused(messages.cannot_be_a_name(shown, " ".join(error.messages))) from None
    if username in settings.CLOSED_ACCOUNTS:
        raise PersonRefused(messages.closed_name(username))
    return Wanted(typed, username)


def free(username: str, given: Iterable[str]) -> str:
    """Return the user name, or with the first number behind it that makes it free. `given`: names not saved yet."""
    taken = {name.casefold() for name in (*given, *settings.CLOSED_ACCOUNTS)}
    candidate, number = username, 2
    while candidate.casefold() in taken or User.objects.filter(username__iexact=candidate).exists():
        candidate = f"{username[: _LONGEST - len(str(number))]}{number}"
        number += 1
    return candidate


def owners(names: Sequence[str]) -> QuerySet[User]:
    """Return who has one of these names, in capital or small letters."""
    alike = Q(pk__in=[])
    for name in names:
        alike |= Q(username__iexact=name)
    return User.objects.filter(alike)


def _as_user_name(typed: str) -> str:
    plain = unicodedata.normalize("NFKD", typed).encode("ascii", "ignore").decode().lower()
    return _NOT_IN_A_USER_NAME.sub("", plain.strip().replace(" ", ".")).strip(".-_")
