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
    help = "Import a zip file of pictures and annotations as a dataset, here and now, without a worker."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--team", type=int, required=True, metavar="NUMBER")
        parser.add_argument("--program", choices=Team.Program.values, default=Team.Program.FTC)
        parser.add_argument("--description", required=True, help="at most 30 characters")
        parser.add_argument(
            "--eval-percent", type=int, default=20, help="percentage of evaluation frames (default: 20)"
        )
        parser.add_argument("--format", choices=FORMATS, default="", help="format of the annotations (default: detect)")
        parser.add_argument("--new-split", action="store_true", help="ignore the split that came with the pictures")
        parser.add_argument("--seed", type=int, default=0, help="random seed of the split (default: 0)")
        parser.add_argument("--merge-labels", action="store_true", help="merge labels that differ only in capitals")

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
                raise CommandError("Someone deleted this dataset during its import.")
            _show(bar, imported.frames_done, imported.frames_total)
        self._report(imported)

    def _report(self, dataset: Dataset) -> None:
        if dataset.state == Dataset.State.PRODUCING:
            raise CommandError("The import isn't done. A worker tries again. Watch it on the Datasets tab.")
        for words, files in messages.summary(dataset.repairs).items():
            self.stdout.write(f"{words}: {files}")
        for entry in dataset.repairs:
            self.stdout.write(f"  {entry['file']} {messages.of_repair(entry)}")
        if dataset.state != Dataset.State.READY:
            raise CommandError(dataset.error)
        frames = " and ".join(f"{counts['frames']} {split} frames" for split, counts in dataset.counts.items())
        self.stdout.write(f"Dataset {dataset.pk} is ready: {frames}; labels: {', '.join(dataset.labels)}.")


def _show(bar: tqdm, done: int, total: int) -> None:
    bar.total = total
    bar.update(done - bar.n)
