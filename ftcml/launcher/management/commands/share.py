from django.core.management.base import BaseCommand, CommandError

from ftcml.launcher import server
from ftcml.launcher.refusals import CannotStart
from ftcml.launcher.room.share import Room


class Command(BaseCommand):
    help = "Serve the room from this laptop, over plain HTTP. `make share` calls this."
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: object) -> None:
        try:
            server.run(Room(), self._say)
        except CannotStart as refusal:
            raise CommandError(str(refusal)) from None

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
