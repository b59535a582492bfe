from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from detector.contract import zoo_archives
from detector.contract.zoo_archives import Archive
from training.weights import starting_weights
from training.weights.zoo_download import ArchiveRefused


class Command(BaseCommand):
    help = "Install weights of the TF2 Detection Zoo, trained on COCO 2017, for a starting model to start from."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "source",
            nargs="?",
            metavar="NAME | FILE.tar.gz",
            help="a starting model's or an archive's name, to download it; or an archive that is here already."
            " Without it: which there are",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["source"] is None:
            self._list()
            return
        source = _source(options["source"])
        try:
            with tqdm(unit="B", unit_scale=True, disable=not self.stderr.isatty()) as bar:
                archive = starting_weights.install(source, lambda done, total: _show(bar, done, total))
        except ArchiveRefused as refusal:
            raise CommandError(str(refusal)) from None
        place = zoo_archives.file_of(archive, starting_weights.folder())
        self.stdout.write(f"The weights for {archive.starting_model} are installed: {place}")

    def _list(self) -> None:
        for archive in zoo_archives.ARCHIVES:
            there = zoo_archives.installed(archive.name, starting_weights.folder())
            state = "installed" if there else "not installed"
            self.stdout.write(f"{archive.starting_model}: {state} ({archive.name})")


def _source(words: str) -> Archive | Path:
    """A name of the zoo, else a file. Raises CommandError where it is neither."""
    try:
        return zoo_archives.archive(words)
    except KeyError:
        if Path(words).is_file():
            return Path(words)
    known = ", ".join(archive.starting_model for archive in zoo_archives.ARCHIVES)
    raise CommandError(f"{words!r} is neither a file nor a name of starting weights. There are: {known}.")


def _show(bar: tqdm, done: int, total: int | None) -> None:
    bar.total = total
    bar.update(done - bar.n)
