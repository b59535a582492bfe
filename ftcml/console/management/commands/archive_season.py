"""Archives a season. Without --yes it only counts."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ftcml.console.services import seasons
from ftcml.console.services.refusals import ActionRefused


class Command(BaseCommand):
    help = "Put away what all teams have made: a zip for each team, and an empty start. Shows the counts without --yes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="of the season, such as 2026-27")
        parser.add_argument("--yes", action="store_true", help="do it")

    def handle(self, *args: Any, name: str, yes: bool, **options: Any) -> None:
        counted = seasons.plan()
        self.stdout.write(
            f"{counted.teams} teams, {counted.datasets} datasets, {counted.videos} videos, {counted.models} models."
        )
        for team in counted.busy:
            self.stdout.write(f"{team} has work that must end first.")
        if not yes:
            self.stdout.write("Nothing is archived yet. To archive it, add --yes.")
            return
        try:
            seasons.start(None, name)
        except ActionRefused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write("Workers of the running server do it. The console's Privacy page shows how far they are.")
