"""What the commands share that make a dataset here and now: its team, a progress bar, and how it ended."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from datasets import messages
from datasets.importing import import_process
from datasets.importing.import_leases import Lease
from datasets.models import Dataset
from ftcml.accounts.models import Team


def add_team_arguments(parser: CommandParser) -> None:
    """Add what names the team and the dataset to be."""
    parser.add_argument("--team", type=int, required=True, metavar="NUMBER")
    parser.add_argument("--program", choices=Team.Program.values, default=Team.Program.FTC)
    parser.add_argument("--description", required=True, help="at most 30 characters")
    parser.add_argument("--eval-percent", type=int, default=20, help="percentage of evaluation frames (default: 20)")
    parser.add_argument("--seed", type=int, default=0, help="random seed of the split (default: 0)")


def team_of(options: dict[str, Any]) -> Team:
    """Return the team that the options name. Raises CommandError."""
    team = Team.objects.filter(program=options["program"], number=options["team"]).first()
    if team is None:
        raise CommandError(f"There is no {options['program']} team {options['team']}. Make it with add_member.")
    return team


def make(command: BaseCommand, dataset: Dataset, lease: Lease) -> None:
    """Make the dataset that the caller holds, show how far it is, and say how it ended. Raises CommandError."""
    with tqdm(unit=" pictures", disable=not command.stderr.isatty()) as bar:
        import_process.produce_in_child(dataset, lease, lambda done, total: _show(bar, done, total))
        made = Dataset.objects.filter(pk=dataset.pk).first()
        if made is None:
            raise CommandError("Someone deleted this dataset during its import.")
        _show(bar, made.frames_done, made.frames_total)
    _report(command, made)


def _report(command: BaseCommand, dataset: Dataset) -> None:
    if dataset.state == Dataset.State.PRODUCING:
        raise CommandError("The import isn't done. A worker tries again. Watch it on the Datasets tab.")
    for words, files in messages.summary(dataset.repairs).items():
        command.stdout.write(f"{words}: {files}")
    for entry in dataset.repairs:
        command.stdout.write(f"  {entry['file']} {messages.of_repair(entry)}")
    if dataset.state != Dataset.State.READY:
        raise CommandError(dataset.error)
    frames = " and ".join(f"{counts['frames']} {split} frames" for split, counts in dataset.counts.items())
    command.stdout.write(f"Dataset {dataset.pk} is ready: {frames}; labels: {', '.join(dataset.labels)}.")


def _show(bar: tqdm, done: int, total: int) -> None:
    bar.total = total
    bar.update(done - bar.n)
