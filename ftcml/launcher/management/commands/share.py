from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from ftcml.launcher import server
from ftcml.launcher.refusals import CannotStart
from ftcml.launcher.room.share import Room


class Command(BaseCommand):
    help = "Serve the room from this laptop, over plain HTTP or HTTPS. `make share` calls this."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--https", action="store_true", help="serve HTTPS, with a certificate made here")

    def handle(self, *args: object, https: bool = False, **options: object) -> None:
        try:
            server.run(Room(https), self._say)
        except CannotStart as refusal:
            raise CommandError(str(refusal)) from None

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
