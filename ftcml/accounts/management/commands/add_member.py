from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from ftcml.accounts import people
from ftcml.accounts.models import Membership, Team


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
        user = people.named(options["name"], options["password"])
        try:
            team = people.team_of(int(options["team"]), options["team_name"], options["program"])
            people.add(user, team, options["role"])
        except people.PersonRefused as refusal:
            raise CommandError(str(refusal)) from None
        if weakness := people.weakness(options["password"], user):
            self.stderr.write(f"This password is easy to guess: {weakness}")
        self.stdout.write(f"{user} is in {team} as {options['role']}.")
