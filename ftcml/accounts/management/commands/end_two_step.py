from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from ftcml.accounts.models import User
from ftcml.accounts.services.two_step import codes


class Command(BaseCommand):
    help = "Turn two-step sign-in off for a person who lost phone and recovery codes. First make sure that it's them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the user name")

    def handle(self, *args: object, **options: str) -> None:
        user = User.objects.filter(username=options["name"]).first()
        if user is None or not codes.turn_off(user):
            raise CommandError(f"{options['name']} has no two-step sign-in. Check the user name.")
        self.stdout.write(f"{user} signs in with the password alone now.")
