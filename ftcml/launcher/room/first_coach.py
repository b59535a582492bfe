"""The first coach of a laptop that is about to serve a room: from the environment, or asked for at the terminal."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from getpass import getpass

from django.conf import settings
from django.db import transaction

from ftcml.accounts.models import Membership, Team, User
from ftcml.accounts.services import people
from ftcml.accounts.services.people import PersonRefused
from ftcml.launcher import demo
from ftcml.launcher.refusals import CannotStart
from ftcml.launcher.server import Say

NAME, TEAM, TEAM_NAME = "FTCML_COACH_NAME", "FTCML_COACH_TEAM", "FTCML_COACH_TEAM_NAME"
PASSWORD = "FTCML_COACH_PASSWORD"  # noqa: S105 (the name of a variable)

Answers = dict[str, str]


@dataclass(frozen=True)
class Terminal:
    """Where a person answers questions; what is asked secretly is not shown while it is typed."""

    ask: Callable[[str], str] = input
    ask_secretly: Callable[[str], str] = getpass


def closed_accounts() -> set[str]:
    """Who cannot sign in while a room is served: the demo accounts, and whom the settings name."""
    return {*settings.CLOSED_ACCOUNTS, *demo.ROLES}


def is_missing() -> bool:
    """Whether no coach could sign in."""
    coaches = User.objects.filter(memberships__role=Membership.Role.COACH, is_active=True)
    return not coaches.exclude(username__in=closed_accounts()).exists()


def ensure(terminal: Terminal | None, say: Say) -> None:
    """Where no coach can sign in, make the first one and the team.

    What the environment answers is not asked; without a terminal it must answer. Raises CannotStart.
    """
    given = {name: os.environ.pop(name, "") for name in (NAME, TEAM, TEAM_NAME, PASSWORD)}  # not for our children
    if not is_missing():
        return
    if terminal is None:
        _make_at_once(given)
    else:
        _make_at(terminal, given, say)


def _make_at_once(given: Answers) -> None:
    if missing := [name for name in (NAME, TEAM, PASSWORD) if not given[name]]:
        raise CannotStart(
            "There is no coach yet, and no terminal to ask at. Call make share in a terminal, or set "
            f"{', '.join(missing)} (and {TEAM_NAME}, if you like) and call it again."
        )
    try:
        _add(given)
    except PersonRefused as refusal:
        raise CannotStart(f"The first coach was not made. {refusal}") from None


def _make_at(terminal: Terminal, given: Answers, say: Say) -> None:
    """Ask until the answers are good."""
    say("There is no coach yet who can sign in. Who is the first?")
    while True:
        try:
            return _add(_asked(terminal, given))
        except PersonRefused as refusal:
            say(f"{refusal} Once more, please.")
            given = {}
        except EOFError:
            raise CannotStart("There is no coach yet, so nothing was started.") from None


def _asked(terminal: Terminal, given: Answers) -> Answers:
    """Every answer; those that are not given come from the person. Raises PersonRefused where two passwords differ."""
    answers = {
        NAME: given.get(NAME) or terminal.ask("User name: ").strip(),
        TEAM: given.get(TEAM) or terminal.ask(f"Team number{_demo_hint()}: ").strip(),
        TEAM_NAME: given.get(TEAM_NAME) or terminal.ask("Name of the team (may stay empty): ").strip(),
        PASSWORD: given.get(PASSWORD) or terminal.ask_secretly("Password (is not shown): "),
    }
    if not given.get(PASSWORD) and terminal.ask_secretly("The same password again: ") != answers[PASSWORD]:
        raise PersonRefused("The two passwords differ.")
    return answers


def _demo_hint() -> str:
    team = Team.objects.filter(number=demo.TEAM_NUMBER, name=demo.TEAM_NAME).first()
    return f" ({team.number} goes on with what the demo accounts made)" if team else ""


@transaction.atomic
def _add(answers: Answers) -> None:
    """Raises PersonRefused, and then leaves nothing behind."""
    if answers[NAME] in closed_accounts():
        raise PersonRefused(f"The account {answers[NAME]} is closed while a room is served.")
    if not answers[TEAM].isdecimal():
        raise PersonRefused("A team's number is made of digits alone.")
    coach = people.named(answers[NAME], answers[PASSWORD])
    if weakness := people.weakness(answers[PASSWORD], coach):
        raise PersonRefused(f"The whole room knows how to guess such a password: {weakness}")
    people.add(coach, people.team_of(int(answers[TEAM]), answers[TEAM_NAME]), Membership.Role.COACH)
