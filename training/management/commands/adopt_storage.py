from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

import datasets.services.lost_files
import datasets.services.unused_files
import training.integrity.lost_files
import training.integrity.unused_files
from ftcml.core.files.storage import StorageAway
from ftcml.installation import identity


class Command(BaseCommand):
    help = "Have this database and these stored files belong together from now on. Shows first what is there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--yes", action="store_true", help="do it: you have looked, and they do belong together")

    def handle(self, *args: Any, yes: bool, **options: Any) -> None:
        try:
            self._show()
            if not yes:
                raise CommandError(
                    "Nothing was changed. If these files belong to this database, stop every other server "
                    "that uses them. Then call this again with --yes."
                )
            identity.adopt()
        except StorageAway as away:
            raise CommandError(str(away)) from None
        self.stdout.write("This database and these files belong together now. Unknown files are kept for some days.")

    def _show(self) -> None:
        self.stdout.write(identity.problem() or "This database and these files belong together already.")
        for stored in (datasets.services.unused_files.look(), training.integrity.unused_files.look()):
            known, unknown = len(stored.known), len(stored.unknown)
            self.stdout.write(f"{stored.kind} that are stored: {known} that the database knows, {unknown} unknown")
        lost = (
            len(list(datasets.services.lost_files.lost_files())),
            len(list(training.integrity.lost_files.lost_files())),
        )
        self.stdout.write(f"in the database, with lost files: {lost[0]} datasets, {lost[1]} trainings")
