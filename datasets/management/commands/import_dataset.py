from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from datasets import messages
from datasets.formats.catalog import FORMATS
from datasets.importing import import_process
from datasets.models import Dataset
from datasets.refusals import DatasetRefused
from datasets.services import imports
from ftcml.accounts.models import Team


class Command(BaseCommand):
    help = "Import a zip of pictures and their annotations as a dataset, here and now, without a worker."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--team", type=int, required=True, metavar="NUMBER")
        parser.add_argument("--program", choices=Team.Program.values, default=Team.Program.FTC)
        parser.add_argument("--description", required=True, help="at most 30 letters")
        parser.add_argument(
            "--eval-percent", type=int, default=20, help="percentage of the frames kept for evaluation (default: 20)"
        )
        parser.add_argument("--format", choices=FORMATS, default="", help="what the zip holds (default: find out)")
        parser.add_argument("--new-split", action="store_true", help="do not keep the split that the zip has itself")
        parser.add_argument("--seed", type=int, default=0, help="the number by which a split is drawn (default: 0)")
        parser.add_argument("--merge-labels", action="store_true", help="make labels that differ only in capitals one")

    def handle(self, *args: Any, **options: Any) -> None:
        team = Team.objects.filter(program=options["program"], number=options["team"]).first()
        if team is None:
            raise CommandError(f"There is no {options['program']} team {options['team']}. Make it with add_member.")
        if not options["file"].is_file():
            raise CommandError(f"There is no file {options['file']}.")
        try:
            choices = imports.ImportChoices(
                options["eval_percent"],
                options["format"],
                not options["new_split"],
                options["seed"],
                options["merge_labels"],
            )
            dataset, lease = imports.receive(team, None, options["file"], options["description"], choices)
        except DatasetRefused as refusal:
            raise CommandError(str(refusal)) from None
        with tqdm(unit=" pictures", disable=not self.stderr.isatty()) as bar:
            import_process.produce_in_child(dataset, lease, lambda done, total: _show(bar, done, total))
            imported = Dataset.objects.filter(pk=dataset.pk).first()
            if imported is None:
                raise CommandError("Somebody deleted this dataset while it was being imported.")
            _show(bar, imported.frames_done, imported.frames_total)
        self._report(imported)

    def _report(self, dataset: Dataset) -> None:
        if dataset.state == Dataset.State.PRODUCING:
            raise CommandError("It could not be finished now. A worker tries it again; see the Datasets tab.")
        for words, files in messages.summary(dataset.repairs).items():
            self.stdout.write(f"{words}: {files}")
        for entry in dataset.repairs:
            self.stdout.write(f"  {entry['file']} {messages.of_repair(entry)}")
        if dataset.state != Dataset.State.READY:
            raise CommandError(dataset.error)
        frames = " and ".join(f"{counts['frames']} for {split}" for split, counts in dataset.counts.items())
        self.stdout.write(f"Dataset {dataset.pk} is ready: {frames}; labels: {', '.join(dataset.labels)}.")


def _show(bar: tqdm, done: int, total: int) -> None:
    bar.total = total
    bar.update(done - bar.n)
