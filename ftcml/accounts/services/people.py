"""Adding people to teams: what the command line, the first `make share` and the page People share."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from ftcml.accounts.models import Membership, Team, User


class PersonRefused(Exception):
    """Nobody was added; str() is the sentence that says why."""


@transaction.atomic
def add(user: User, team: Team, role: str) -> Membership:
    """Save the person, and put them into the team in that role. Raises PersonRefused for a name that cannot be one."""
    try:
        user.full_clean()
    except ValidationError as error:
        message = " ".join(error.messages)
        raise PersonRefused(f"{user.username!r} cannot be a person's name here: {message}") from None
    user.save()
    membership, _ = Membership.objects.update_or_create(user=user, team=team, defaults={"role": role})
    if user.active_team is None:
        user.active_team = team
        user.save()
    return membership


def named(name: str, password: str = "") -> User:
    """The person of that name, new or not, with that password if one is given; not saved."""
    user = User.objects.filter(username=name).first() or User(username=name)
    if password:
        user.set_password(password)
    return user


def team_of(number: int, name: str = "", program: str = Team.Program.FTC) -> Team:
    """The team of that number, made where there is none yet; only then has `name` a meaning. Raises PersonRefused."""
    if number < 1:
        raise PersonRefused("A team's number is 1 or higher.")
    if team := Team.objects.filter(program=program, number=number).first():
        return team
    team = Team(program=program, number=number, name=name)
    try:
        team.full_clean()
    except ValidationError as error:
        raise PersonRefused(f"There cannot be such a team: {' '.join(error.messages)}") from None
    team.save()
    return team


def weakness(password: str, user: User) -> str:
    """Why the password is easy to guess, in sentences; "" where it is not."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""
