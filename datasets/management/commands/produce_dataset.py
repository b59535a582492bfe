from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from datasets.importing.import_leases import Lease
from datasets.management.commands._making import add_team_arguments, make, team_of
from datasets.production.choices import ProductionChoices, SplitMethod
from datasets.refusals import DatasetRefused
from datasets.services.labeling import production
from ftcml.accounts.models import Team
from ftcml.accounts.services.access import get_selected
from videos.models import Video


class Command(BaseCommand):
    help = "Produce a dataset from the finished frames of videos, here and now, without a worker."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("videos", nargs="+", metavar="VIDEO", help="the id of a video")
        add_team_arguments(parser)
        parser.add_argument("--split", choices=SplitMethod.values, default=SplitMethod.BLOCKS.value)
        parser.add_argument("--keep", action="append", default=[], metavar="VIDEO", help="a video for evaluation")
        parser.add_argument("--next-version", action="store_true", help="the next version of the one before")

    def handle(self, *args: Any, **options: Any) -> None:
        team = team_of(options)
        videos = _videos(team, options["videos"])
        choices = ProductionChoices(
            (), SplitMethod(options["split"]), options["eval_percent"], options["seed"], kept=tuple(options["keep"])
        )
        try:
            dataset = production.request(
                team, None, options["description"], videos, choices, options["next_version"], wakes_worker=False
            )
        except DatasetRefused as refusal:
            raise CommandError(str(refusal)) from None
        if (lease := Lease.claim(dataset)) is None:
            raise CommandError("A worker is at it already. Watch it on the Datasets tab.")
        make(self, dataset, lease)


def _videos(team: Team, ids: list[str]) -> list[Video]:
    """Return the team's videos with these ids. Raises CommandError."""
    videos = get_selected(Video.objects.order_by("created", "id"), team, ids)
    if missing := set(ids) - {str(video.pk) for video in videos}:
        raise CommandError(f"The team has no video {', '.join(sorted(missing))}.")
    return videos
