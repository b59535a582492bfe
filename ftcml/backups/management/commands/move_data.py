from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ftcml.backups import messages, moving
from ftcml.backups.progress import Progress
from ftcml.backups.refusals import BackupRefused


class Command(BaseCommand):
    help = (
        "Move the rows to the PostgreSQL that DATABASE_URL names, the files to the bucket that FTCML_S3_BUCKET names, "
        "or both. They come from the data folder. `make move` calls this."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            moved = moving.move(Progress(self.stdout.write))
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from None
        except KeyboardInterrupt:
            raise CommandError(messages.STOPPED) from None
        if moved.rows is not None:
            self.stdout.write(f"Moved {moved.rows:,} rows. Counts and checksums of all tables agree.")
        if moved.files is not None:
            self.stdout.write(f"Moved {moved.files:,} files ({messages.size(moved.file_bytes)}). All checksums agree.")
        if moved.lost:
            self.stdout.write(messages.lost_before(len(moved.lost)))
        self.stdout.write("Start the server with these settings. Keep the old files until you have looked around.")
