from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from datasets.models import Dataset
from ftcml.accounts.models import Team, User
from ftcml.backups import messages, restoring
from ftcml.backups.progress import Progress
from ftcml.backups.refusals import BackupRefused
from ftcml.backups.restoring import Restored
from training.models import TrainingJob
from videos.models import Video


class Command(BaseCommand):
    help = "Restore a backup into the empty place that the settings name. `make restore` calls this."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="a backup, e.g. ftcml-20261130-191500")
        parser.add_argument("--check", action="store_true", help="only check that the backup is whole")

    def handle(self, *args: Any, folder: Path, check: bool, **options: Any) -> None:
        folder, progress = folder.expanduser().resolve(), Progress(self.stdout.write)
        try:
            if check:
                manifest = restoring.check(folder, progress)
                self.stdout.write(f"The backup is whole: {manifest.rows:,} rows, {manifest.files:,} files.")
            else:
                self._report(restoring.restore(folder, progress))
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from None
        except KeyboardInterrupt:
            raise CommandError(messages.STOPPED) from None

    def _report(self, restored: Restored) -> None:
        manifest = restored.manifest
        self.stdout.write(f"Restored the backup of {manifest.created}, made by version {manifest.version}:")
        for count, what in (
            (Team.objects.count(), ("team", "teams")),
            (User.objects.count(), ("person", "people")),
            (Video.objects.count(), ("video", "videos")),
            (Dataset.objects.count(), ("dataset", "datasets")),
            (TrainingJob.objects.count(), ("model or training", "models and trainings")),
            (manifest.files, ("file", "files")),
        ):
            self.stdout.write(f"  {messages.counted(count, *what)}")
        if restored.resumed_jobs:
            self.stdout.write(messages.resumed(restored.resumed_jobs))
        for line in restored.findings:
            self.stdout.write(f"Integrity check: {line}")
        if not restored.findings:
            self.stdout.write("Integrity check: nothing is missing, and nothing contradicts itself.")
        self.stdout.write("Everyone must sign in again.")
