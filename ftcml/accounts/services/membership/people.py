"""Add people to teams, for the command line, the first `make share`, the console and the page People."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from ftcml.accounts import messages
from ftcml.accounts.models import Membership, Team, User
from ftcml.audit.services import access_log


class PersonRefused(Exception):
    """Nothing was changed. str() is the sentence that says why."""


@transaction.atomic
def add(user: User, team: Team, role: str) -> Membership:
    """Save the person and put them on the team in that role. Raises PersonRefused for a name that can't be one."""
    try:
        user.full_clean()
    except ValidationError as error:
        raise PersonRefused(messages.cannot_be_a_name(user.username, " ".join(error.messages))) from None
    user.save()
    membership, _ = Membership.objects.update_or_create(user=user, team=team, defaults={"role": role})
    access_log.record(access_log.Kind.ADDED, team.pk, role, other_id=user.pk)
    if user.active_team is None:
        user.active_team = team
        user.save()
    return membership


def named(name: str, password: str = "") -> User:
    """Return the person of that name, new or not; not saved. Only a new one gets the password."""
    if known := User.objects.filter(username=name).first():
        return known
    user = User(username=name)
    user.set_password(password)
    return user


def team_of(number: int, name: str = "", program: str = Team.Program.FTC) -> Team:
    """Return the team of that number. Makes it, with that name, if there is none. Raises PersonRefused."""
    if number < 1:
        raise PersonRefused(messages.TEAM_NUMBERS)
    if team := Team.objects.filter(program=program, number=number).first():
        return team
    return new_team(number, name, program)


def new_team(number: int, name: str = "", program: str = Team.Program.FTC) -> Team:
    """Make a team of a number that none has. Raises PersonRefused, and IntegrityError where one has it by now."""
    team = Team(program=program, number=number, name=name)
    try:
        team.full_clean(validate_constraints=False)
    except ValidationError as error:
        raise PersonRefused(messages.not_a_team(" ".join(error.messages))) from None
    team.save()
    return team


def weakness(password: str, user: User) -> str:
    """Return why the password is easy to guess, in sentences, or ""."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""
