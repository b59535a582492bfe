from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ftcml.accounts.models import Team
from videos.models import Video
from videos.refusals import VideoRefused
from videos.services import uploads
from videos.services.receiving import rules
from videos.services.receiving.rules import Choice


class Command(BaseCommand):
    help = "Add a video, or a zip file of pictures, to a team. A worker takes its frames."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--team", type=int, required=True, metavar="NUMBER")
        parser.add_argument("--program", choices=Team.Program.values, default=Team.Program.FTC)
        parser.add_argument("--description", default="", help="at most 30 characters (default: by the file's name)")
        parser.add_argument(
            "--every",
            type=int,
            default=0,
            metavar="N",
            help="take one frame in N (default: those that differ)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        team = Team.objects.filter(program=options["program"], number=options["team"]).first()
        if team is None:
            raise CommandError(f"There is no {options['program']} team {options['team']}. Make it with add_member.")
        if not options["file"].is_file():
            raise CommandError(f"There is no file {options['file']}.")
        every = options["every"]
        choice = Choice(Video.Extraction.EVERY_NTH, every) if every else rules.DIFFERING
        description = options["description"] or rules.described_by(options["file"].name)
        try:
            video = uploads.take_file(team, options["file"], description, choice)
        except VideoRefused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"Video {video.pk} is there. A worker takes its frames now: watch the Videos tab.")
