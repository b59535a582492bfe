"""Make the first coach of a laptop that is about to serve a room, from the environment or the terminal."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from getpass import getpass

from django.conf import settings
from django.db import transaction

from ftcml.accounts.models import Membership, Team, User
from ftcml.accounts.services.membership import people
from ftcml.accounts.services.membership.people import PersonRefused
from ftcml.core.files import secret_files
from ftcml.core.files.secret_files import SecretRefused
from ftcml.launcher import demo
from ftcml.launcher.refusals import CannotStart
from ftcml.launcher.server import Say

NAME, TEAM, TEAM_NAME = "FTCML_COACH_NAME", "FTCML_COACH_TEAM", "FTCML_COACH_TEAM_NAME"
PASSWORD = "FTCML_COACH_PASSWORD"  # noqa: S105 (the name of a variable)

Answers = dict[str, str]


@dataclass(frozen=True)
class Terminal:
    """Where a person answers questions. `ask_secretly` hides what is typed."""

    ask: Callable[[str], str] = input
    ask_secretly: Callable[[str], str] = getpass


def closed_accounts() -> set[str]:
    """Return who can't sign in while a room is served: the demo accounts, and those in the settings."""
    return {*settings.CLOSED_ACCOUNTS, *demo.ROLES}


def is_missing() -> bool:
    """Return whether no coach could sign in."""
    coaches = User.objects.filter(memberships__role=Membership.Role.COACH, is_active=True)
    return not coaches.exclude(username__in=closed_accounts()).exists()


def ensure(terminal: Terminal | None, say: Say) -> None:
    """Make the first coach and the team, if no coach can sign in.

    Answers come from the environment, then from the terminal, if there is one. Raises CannotStart.
    """
    given = _given()
    if not is_missing():
        return
    if terminal is None:
        _make_at_once(given)
    else:
        _make_at(terminal, given, say)


def _given() -> Answers:
    """Take the answers out of the environment, as they are not for our children. Raises CannotStart."""
    try:
        from_file = secret_files.given(os.environ).get(PASSWORD, "")
    except SecretRefused as refusal:
        raise CannotStart(str(refusal)) from None
    os.environ.pop(f"{PASSWORD}_FILE", None)
    given = {name: os.environ.pop(name, "") for name in (NAME, TEAM, TEAM_NAME, PASSWORD)}
    return {**given, PASSWORD: given[PASSWORD] or from_file}


def _make_at_once(given: Answers) -> None:
    if missing := [name for name in _needed(given) if not given[name]]:
        raise CannotStart(
            "There is no coach yet. Run make share in a terminal, and it asks for one. Or set "
            f"{', '.join(missing)} (and {TEAM_NAME}, if you like) and run it again."
        )
    try:
        _add(given)
    except PersonRefused as refusal:
        raise CannotStart(f"The first coach wasn't added. {refusal}") from None


def _make_at(terminal: Terminal, given: Answers, say: Say) -> None:
    """Ask until the answers are good."""
    say("No coach can sign in yet. Add the first one:")
    while True:
        try:
            return _add(_asked(terminal, given))
        except PersonRefused as refusal:
            say(f"{refusal} Try again:")
            given = {}
        except EOFError:
            raise CannotStart("There is no coach yet, so the server didn't start.") from None


def _needed(given: Answers) -> list[str]:
    """Return which answers it takes: a person who exists keeps the password."""
    return [NAME, TEAM] if _is_known(given[NAME]) else [NAME, TEAM, PASSWORD]


def _is_known(name: str) -> bool:
    return User.objects.filter(username=name).exists()


def _asked(terminal: Terminal, given: Answers) -> Answers:
    """Return every answer, asking for those that are missing. Raises PersonRefused if two passwords differ."""
    answers = {
        NAME: given.get(NAME) or terminal.ask("User name: ").strip(),
        TEAM: given.get(TEAM) or terminal.ask(f"Team number{_demo_hint()}: ").strip(),
        TEAM_NAME: given.get(TEAM_NAME) or terminal.ask("Team name (optional): ").strip(),
    }
    if _is_known(answers[NAME]):
        return {**answers, PASSWORD: ""}
    password = given.get(PASSWORD) or terminal.ask_secretly("Password (hidden): ")
    if not given.get(PASSWORD) and terminal.ask_secretly("Repeat the password: ") != password:
        raise PersonRefused("The two passwords differ.")
    return {**answers, PASSWORD: password}


def _demo_hint() -> str:
    team = Team.objects.filter(number=demo.TEAM_NUMBER, name=demo.TEAM_NAME).first()
    return f" ({team.number} keeps what the demo accounts made)" if team else ""


@transaction.atomic
def _add(answers: Answers) -> None:
    """Add the coach and the team, or raise PersonRefused and leave nothing behind."""
    if answers[NAME] in closed_accounts():
        raise PersonRefused(f"The account {answers[NAME]} is closed while you share. Choose another user name.")
    if not answers[TEAM].isdecimal():
        raise PersonRefused("A team number has only digits.")
    is_new = not _is_known(answers[NAME])
    coach = people.named(answers[NAME], answers[PASSWORD])
    if is_new and (weakness := people.weakness(answers[PASSWORD], coach)):
        raise PersonRefused(f"Anyone in the room could guess that password. {weakness}")
    people.add(coach, people.team_of(int(answers[TEAM]), answers[TEAM_NAME]), Membership.Role.COACH)
