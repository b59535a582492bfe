"""Erases a team or a person. Without --yes it only counts."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ftcml.accounts.models import Team, User
from ftcml.privacy.services.erasing import erasures, plan
from ftcml.privacy.services.erasing.plan import Plan


class Command(BaseCommand):
    help = "Erase a team or a person. Shows what would go; with --yes and the name typed again, a worker erases it."

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--team", help='program and number, such as "FTC 7001"')
        which.add_argument("--person", help="user name")
        parser.add_argument("--yes", metavar="AGAIN", default="", help="the team or user name again, to erase it")

    def handle(self, *args: Any, team: str | None, person: str | None, yes: str, **options: Any) -> None:
        chosen: Team | User = _team(team) if team else _person(person or "")
        name = chosen.full_number if isinstance(chosen, Team) else chosen.username
        self._show(plan.of_team(chosen) if isinstance(chosen, Team) else plan.of_person(chosen))
        if not yes:
            self.stdout.write(f'Nothing is erased yet. To erase it, add  --yes "{name}"')
            return
        if yes != name:
            raise CommandError(f"Type {name} exactly after --yes.")
        if isinstance(chosen, Team):
            erasures.ask_for_team(chosen)
        else:
            erasures.ask_for_person(chosen)
        self.stdout.write("A worker of the running server erases it. The console's Privacy page says when it's done.")

    def _show(self, counted: Plan) -> None:
        for title, rows in (("This goes:", counted.gone), ("This stays without the name:", counted.stayed)):
            self.stdout.write(title)
            for words, count in rows:
                self.stdout.write(f"  {count:>9,}  {words}")
        if counted.people:
            self.stdout.write(f"Accounts on no other team, which go too: {counted.people}")
        for left in counted.without_coach:
            self.stdout.write(f"{left} has no coach afterwards.")


def _team(name: str) -> Team:
    program, _, number = name.partition(" ")
    found = Team.objects.filter(program=program.upper(), number=number).first() if number.isdecimal() else None
    if found is None:
        raise CommandError(f"There is no team “{name}”. Type its program and number, such as “FTC 7001”.")
    return found


def _person(name: str) -> User:
    found = User.objects.filter(username=name).first()
    if found is None:
        raise CommandError(f"There is no account “{name}”.")
    return found
