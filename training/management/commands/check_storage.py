from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

import datasets.leftovers
import datasets.missing
import training.leftovers
import training.missing
from ftcml.storage import StorageAway
from training import leases


class Command(BaseCommand):
    help = "List stored files that nothing refers to, datasets and jobs whose files are lost, and models never made."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--fix",
            action="store_true",
            help="remove the files, have datasets and jobs refer to lost ones no more, try again to make models",
        )

    def handle(self, *args: Any, fix: bool, **options: Any) -> None:
        try:
            self._check(fix)
        except StorageAway as away:
            raise CommandError(str(away)) from None

    def _check(self, fix: bool) -> None:
        leftovers = [*datasets.leftovers.stored_leftovers(), *training.leftovers.stored_leftovers()]
        for name in leftovers:
            self.stdout.write(f"nothing refers to {name}")
        lost_of_datasets, lost_of_jobs = list(datasets.missing.lost_files()), list(training.missing.lost_files())
        for kind, found in (("dataset", lost_of_datasets), ("job", lost_of_jobs)):
            for row, names in found:
                self.stdout.write(f'{kind} {row.pk} "{row}" has lost {", ".join(names)}')
        sets_again, jobs_again = list(datasets.missing.found_again()), list(training.missing.found_again())
        for dataset in sets_again:
            self.stdout.write(f'dataset {dataset.pk} "{dataset}" has all of its files again')
        for job, names in jobs_again:
            self.stdout.write(f'job {job.pk} "{job}" has files again: {", ".join(names)}')
        given_up = list(leases.given_up())
        for job in given_up:
            self.stdout.write(f'job {job.pk} "{job}" has no model file, for all tries to make one failed')
        irreplaceable = [name for job, lost in lost_of_jobs for name in training.missing.irreplaceable(job, lost)]
        found = (leftovers, lost_of_datasets, lost_of_jobs, sets_again, jobs_again, given_up)
        count = sum(len(kind) for kind in found)
        if count and not fix:
            raise CommandError(f"{count} found. With --fix they are repaired.")
        datasets.leftovers.remove_leftovers()
        training.leftovers.remove_leftovers()
        for dataset, _ in lost_of_datasets:
            datasets.missing.give_up(dataset)
        for job, names in lost_of_jobs:
            training.missing.give_up(job, names)
        for dataset in sets_again:
            datasets.missing.take_up_again(dataset)
        for job, names in jobs_again:
            training.missing.take_up_again(job, names)
        training.missing.try_exports_again()
        if irreplaceable:
            raise CommandError(
                f"{len(irreplaceable)} lost model files can't be made again, for their checkpoints are lost as well. "
                "Put them back from a back-up, or delete their models. All else is repaired."
            )
        self.stdout.write(f"{count} repaired." if count else "Nothing is left over, and nothing is lost.")
