from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

import training.integrity.unused_files
from ftcml.core.files import storage
from ftcml.core.files.storage import StorageAway
from ftcml.installation import identity, quarantine
from ftcml.installation.identity import WrongStorage
from training.integrity import storage_audit
from training.integrity.storage_audit import Audit


class Command(BaseCommand):
    help = "List stored files that nothing refers to, what has lost its files, and models never made."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--fix",
            action="store_true",
            help="remove the files, have datasets and jobs refer to lost ones no more, try again to make models",
        )
        parser.add_argument(
            "--remove-unknown",
            action="store_true",
            help="remove the unknown files at once, which are kept for days otherwise; look at the list first",
        )

    def handle(self, *args: Any, fix: bool, remove_unknown: bool, **options: Any) -> None:
        try:
            identity.check()
            if remove_unknown:
                self._remove_unknown()
            self._check(fix)
        except (StorageAway, WrongStorage) as problem:
            raise CommandError(str(problem)) from None

    def _remove_unknown(self) -> None:
        for stored in storage_audit.stored_files():
            for name in stored.waiting:
                storage.remove_any(name)
                self.stdout.write(f"removed {name}")
        for name in training.worker.work_folders.look().unknown:
            training.worker.work_folders.remove(name)

    def _check(self, fix: bool) -> None:
        audit = Audit.now()
        for line in audit.lines():
            self.stdout.write(line)
        self._say_unknown()
        if not fix and audit.count:
            raise CommandError(f"{audit.count} found. With --fix they are repaired.")
        if fix:
            self._repair(audit)
        self.stdout.write(f"{audit.count} repaired." if audit.count else "No unused files, and nothing is lost.")

    def _repair(self, audit: Audit) -> None:
        if refusal := audit.refusal():
            raise CommandError(refusal)
        storage_audit.remove_unused_files()
        audit.repair()
        lost = []
        if audit.videos:
            lost.append(
                f"{len(audit.videos)} videos have lost pictures, which can't be made again. Put them back from a "
                "back-up, or delete these videos."
            )
        if audit.irreplaceable:
            lost.append(
                f"{len(audit.irreplaceable)} lost model files can't be made again, for their checkpoints are lost as "
                "well. Put them back from a back-up, or delete their models."
            )
        if lost:
            raise CommandError(" ".join([*lost, "All else is repaired."]))

    def _say_unknown(self) -> None:
        """Unknown files are nothing to repair: they wait."""
        for stored in storage_audit.stored_files():
            for name in stored.waiting:
                when = quarantine.goes(name)
                until = f"from {when} it may be removed" if when else "the next tidying notes it"
                self.stdout.write(f"the database doesn't know {name}: {until}")
