import sys
from argparse import ArgumentParser
from getpass import getpass

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from ftcml.accounts.models import Membership, Team, User
from ftcml.accounts.services.membership import people


class Command(BaseCommand):
    help = (
        "Add a person to a team. Makes the team, and the person, if they don't exist yet. Asks for the password of a "
        "new person, or reads it from standard input. A person who exists keeps their password and stays signed in. "
        "To change a password, run “manage.py changepassword NAME”."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the user name")
        parser.add_argument("--team", type=int, required=True, metavar="NUMBER")
        parser.add_argument("--program", choices=Team.Program.values, default=Team.Program.FTC)
        parser.add_argument("--team-name", default="", help="the name of a new team")
        parser.add_argument("--role", choices=Membership.Role.values, required=True)
        parser.add_argument(
            "--password",
            default="",
            help="the password of a new person; for tests only: other users of this machine can read it",
        )

    def handle(self, *args: object, **options: str) -> None:
        name = options["name"]
        is_new = not User.objects.filter(username=name).exists()
        password = (options["password"] or _asked_for(name)) if is_new else ""
        user = people.named(name, password)
        try:
            with transaction.atomic():
                team = people.team_of(int(options["team"]), options["team_name"], options["program"])
                people.add(user, team, options["role"])
        except people.PersonRefused as refusal:
            raise CommandError(str(refusal)) from None
        if password and (weakness := people.weakness(password, user)):
            self.stderr.write(f"This password is easy to guess. {weakness}")
        if options["password"] and not is_new:
            self.stderr.write(f"{user} already had an account, so the password stays as it was.")
        self.stdout.write(f"{user} is on {team} as {options['role']}.")


def _asked_for(name: str) -> str:
    """Return the password of a new person, from the terminal or else from standard input. Raises CommandError."""
    if sys.stdin.isatty():
        password = getpass(f"Password for {name} (hidden): ")
        if getpass("Repeat the password: ") != password:
            raise CommandError("The two passwords differ, so nothing was changed.")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise CommandError(f"{name} is new and needs a password. Run this in a terminal, or pipe the password in.")
    return password
