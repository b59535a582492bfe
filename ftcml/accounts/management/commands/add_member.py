import sys
from argparse import ArgumentParser
from getpass import getpass

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from ftcml.accounts.models import Membership, Team, User
from ftcml.accounts.services import people


class Command(BaseCommand):
    help = (
        "Add a person to a team. A team, or a person, that does not exist yet is made. It asks for the password of a "
        "new person, or reads it from standard input. A person who exists keeps theirs; manage.py changepassword NAME "
        "gives another."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the name to sign in with")
        parser.add_argument("--team", type=int, required=True, metavar="NUMBER")
        parser.add_argument("--program", choices=Team.Program.values, default=Team.Program.FTC)
        parser.add_argument("--team-name", default="", help="for a team that is new")
        parser.add_argument("--role", choices=Membership.Role.values, required=True)
        parser.add_argument(
            "--password",
            default="",
            help="for tests alone: everybody on this machine can read it in the list of programs",
        )

    def handle(self, *args: object, **options: str) -> None:
        is_new = not User.objects.filter(username=options["name"]).exists()
        password = options["password"] or (_asked_for(options["name"]) if is_new else "")
        user = people.named(options["name"], password)
        try:
            with transaction.atomic():
                team = people.team_of(int(options["team"]), options["team_name"], options["program"])
                people.add(user, team, options["role"])
        except people.PersonRefused as refusal:
            raise CommandError(str(refusal)) from None
        if password and (weakness := people.weakness(password, user)):
            self.stderr.write(f"This password is easy to guess: {weakness}")
        self.stdout.write(f"{user} is in {team} as {options['role']}.")


def _asked_for(name: str) -> str:
    """The password of a new person, from the terminal or else from standard input. Raises CommandError."""
    if sys.stdin.isatty():
        password = getpass(f"Password for {name} (is not shown): ")
        if getpass("The same password again: ") != password:
            raise CommandError("The two passwords differ. Nothing was changed.")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise CommandError(
            f"{name} is new and needs a password. Call this in a terminal, or pass it on standard input."
        )
    return password
