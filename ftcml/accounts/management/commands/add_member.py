from argparse import ArgumentParser

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from ftcml.accounts.models import Membership, Team, User


class Command(BaseCommand):
    help = "Add a person to a team. A team, or a person, that does not exist yet is made; a person gets this password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the name to sign in with")
        parser.add_argument("--team", type=int, required=True, metavar="NUMBER")
        parser.add_argument("--program", choices=Team.Program.values, default=Team.Program.FTC)
        parser.add_argument("--team-name", default="", help="for a team that is new")
        parser.add_argument("--role", choices=Membership.Role.values, required=True)
        parser.add_argument("--password", required=True)

    @transaction.atomic
    def handle(self, *args: object, **options: str) -> None:
        team = self._team(options["program"], int(options["team"]), options["team_name"])
        user = self._user(options["name"], options["password"])
        Membership.objects.update_or_create(user=user, team=team, defaults={"role": options["role"]})
        if user.active_team is None:
            user.active_team = team
        user.save()
        self.stdout.write(f"{user} is in {team} as {options['role']}.")

    def _team(self, program: str, number: int, name: str) -> Team:
        if number < 1:
            raise CommandError("A team's number is 1 or higher.")
        return Team.objects.get_or_create(program=program, number=number, defaults={"name": name})[0]

    def _user(self, name: str, password: str) -> User:
        """The person of that name, new or not, with that password; not saved yet where only the password changed."""
        user = User.objects.filter(username=name).first() or User(username=name)
        user.set_password(password)
        try:
            user.full_clean()
        except ValidationError as error:
            raise CommandError(f"{name!r} cannot be a person's name here: {' '.join(error.messages)}") from None
        try:
            validate_password(password, user)
        except ValidationError as error:
            self.stderr.write(f"This password is easy to guess: {' '.join(error.messages)}")
        user.save()
        return user
