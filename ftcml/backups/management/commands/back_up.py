from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ftcml.backups import making, messages
from ftcml.backups.making import Made
from ftcml.backups.progress import Progress
from ftcml.backups.refusals import BackupRefused


class Command(BaseCommand):
    help = "Back up the database and all files into a new folder, while the server runs. `make backup` calls this."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("place", type=Path, metavar="FOLDER", help="holds all backups, each in a folder of its own")
        parser.add_argument("--keep", type=int, metavar="NUMBER", help="then remove all but the newest ones")

    def handle(self, *args: Any, place: Path, keep: int | None, **options: Any) -> None:
        if keep is not None and keep < 1:
            raise CommandError("Keep at least 1 backup.")
        place = place.expanduser().resolve()
        try:
            made = making.back_up(place, Progress(self.stdout.write))
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from None
        except KeyboardInterrupt:
            raise CommandError(messages.STOPPED) from None
        self._report(made)
        for folder in making.remove_older(place, keep) if keep else ():
            self.stdout.write(f"Removed {folder}")

    def _report(self, made: Made) -> None:
        manifest = made.manifest
        self.stdout.write(f"The backup is in {made.folder}")
        self.stdout.write(
            f"{manifest.rows:,} rows, {manifest.files:,} files ({messages.size(manifest.file_bytes)}), of which "
            f"{made.copied:,} ({messages.size(made.copied_bytes)}) were copied now."
        )
        if manifest.lost:
            self.stdout.write(messages.lost_before(len(manifest.lost)))
        self.stdout.write("It holds people's names and pictures. Keep it where only operators can read it.")
