"""From a person's claims to what they may be here: on which teams, in which roles, and whether an operator."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from ftcml.accounts.models import Membership, Team

# A claim can be as long as a provider likes.
MOST_TEAMS = 100
_LONGEST_VALUE = 200
_LARGEST_NUMBER = 999_999


@dataclass(frozen=True)
class TeamKey:
    """What a value of the claim names."""

    program: str
    number: int


def roles(claims: Mapping[str, Any]) -> dict[TeamKey, str]:
    """Return the teams that the claims name, with the role in each. Of two roles in one team the coach's counts."""
    found: dict[TeamKey, str] = {}
    for value in _values(claims):
        key, role = _team(value)
        if key and (role == Membership.Role.COACH or key not in found) and (key in found or len(found) < MOST_TEAMS):
            found[key] = role
    return found


def is_operator(claims: Mapping[str, Any]) -> bool:
    return bool(settings.OIDC_OPERATORS) and settings.OIDC_OPERATORS in _values(claims)


def _values(claims: Mapping[str, Any]) -> Iterator[str]:
    """Yield the claim's values: of a list, or the one that it is. `a.b`: what is in `a`, where nothing is so called."""
    name = settings.OIDC_TEAMS_CLAIM
    found: object = claims.get(name)
    if found is None:
        found = claims
        for part in name.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    for value in found if isinstance(found, list) else [found]:
        if isinstance(value, str) and len(value) <= _LONGEST_VALUE:
            yield value


def _team(value: str) -> tuple[TeamKey | None, str]:
    match = settings.OIDC_TEAM_PATTERN.fullmatch(value)
    groups = match.groupdict() if match else {}
    number, program = groups.get("number") or "", (groups.get("program") or Team.Program.FTC).upper()
    role = Membership.Role.COACH if groups.get("coach") else Membership.Role.MEMBER
    is_number = number.isascii() and number.isdigit() and len(number) <= len(str(_LARGEST_NUMBER))
    if not is_number or not int(number) or program not in Team.Program.values:
        return None, role
    return TeamKey(program, int(number)), role
