"""A team's labels: chosen, not typed again."""

import unicodedata

from django.db import transaction

from ftcml.accounts.models import Team
from videos.models import Label
from videos.reasons import Code
from videos.refusals import VideoRefused

MAX_LABELS = 200
MAX_LABEL_LENGTH = 100
# So many colors has the palette (static/css/palette.css); after them it begins again.
COLORS = 12


def named(team: Team, names: list[str]) -> dict[str, Label]:
    """Return the team's labels of these names, each made where there is none. Raises VideoRefused."""
    wanted = {name: _checked(name) for name in names}
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=team.pk)
        known = {label.name: label for label in Label.objects.for_team(team)}
        missing = [name for name in dict.fromkeys(wanted.values()) if name not in known]
        if len(known) + len(missing) > MAX_LABELS:
            raise VideoRefused(Code.TOO_MANY_LABELS, most=MAX_LABELS)
        made = [
            Label(team=team, name=name, color=place % COLORS) for place, name in enumerate(missing, start=len(known))
        ]
        Label.objects.bulk_create(made)
    known |= {label.name: label for label in made}
    return {name: known[clean] for name, clean in wanted.items()}


def _checked(name: str) -> str:
    name = " ".join(letter for letter in "".join(map(_visible, name)).split())
    if not 1 <= len(name) <= MAX_LABEL_LENGTH:
        raise VideoRefused(Code.BAD_LABEL, most=MAX_LABEL_LENGTH)
    return name


def _visible(letter: str) -> str:
    """The letter, or nothing for one that takes no room: no person could tell such labels apart."""
    return "" if unicodedata.category(letter) in ("Cf", "Cc") else letter
