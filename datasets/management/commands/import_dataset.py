from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from datasets.formats.catalog import FORMATS
from datasets.management.commands._making import add_team_arguments, make, team_of
from datasets.refusals import DatasetRefused
from datasets.services import imports


class Command(BaseCommand):
    help = "Import a zip file of pictures and annotations as a dataset, here and now, without a worker."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        add_team_arguments(parser)
        parser.add_argument("--format", choices=FORMATS, default="", help="format of the annotations (default: detect)")
        parser.add_argument("--new-split", action="store_true", help="ignore the split that came with the pictures")
        parser.add_argument("--merge-labels", action="store_true", help="merge labels that differ only in capitals")

    def handle(self, *args: Any, **options: Any) -> None:
        team = team_of(options)
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
        make(self, dataset, lease)
