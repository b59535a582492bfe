"""A team's labels: chosen, not typed again."""

import unicodedata
from collections.abc import Mapping, Sequence

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from ftcml.accounts.models import Team
from videos.models import Box, Label
from videos.reasons import Code
from videos.refusals import VideoRefused

MAX_LABELS = 200
MAX_LABEL_LENGTH = 100
# So many colors has the palette (static/css/palette.css); after them it begins again.
COLORS = 12


def of_team(team: Team) -> Sequence[Label]:
    """Return the team's labels in order."""
    return list(Label.objects.for_team(team).order_by("name"))


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


def kept(team: Team, names: Mapping[int, str]) -> dict[int, int]:
    """Return the keys of the team's labels by those that a page knows, with their names. Call it in a transaction.

    One that is gone is made again by its name. Until the transaction ends, none of them is deleted. Who locks the
    video as well does so afterwards. Raises VideoRefused.
    """
    there = set(Label.objects.for_team(team).filter(pk__in=names).values_list("pk", flat=True))
    gone = {key: name for key, name in names.items() if key not in there}
    made = {key: label.pk for key, label in _remade(team, gone).items()}
    wanted = {key: made.get(key, key) for key in names}
    # Others may still give boxes these labels, so the lock is the weak one.
    rows = Label.objects.for_team(team).filter(pk__in=set(wanted.values())).order_by("pk")
    locked = set(rows.select_for_update(no_key=True).values_list("pk", flat=True))
    return wanted if locked >= set(wanted.values()) else kept(team, names)


def _remade(team: Team, gone: Mapping[int, str]) -> dict[int, Label]:
    made = named(team, list(gone.values())) if gone else {}
    return {key: made[name] for key, name in gone.items()}


def create(team: Team, name: str) -> Label:
    """Add a label to the team's. Raises VideoRefused."""
    name = _checked(name)
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=team.pk)
        _check_free(team, name)
        known = Label.objects.for_team(team).count()
        if known >= MAX_LABELS:
            raise VideoRefused(Code.TOO_MANY_LABELS, most=MAX_LABELS)
        return Label.objects.create(team=team, name=name, color=known % COLORS)


def rename(label: Label, name: str) -> None:
    """Give a label another name, on all its boxes. Raises VideoRefused."""
    name = _checked(name)
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=label.team_id)
        if name != label.name:
            _check_free(label.team, name)
        Label.objects.filter(pk=label.pk).update(name=name)
    label.name = name


def delete(label: Label) -> None:
    """Delete a label that no box has. Raises VideoRefused."""
    key = label.pk
    try:
        with transaction.atomic():
            Team.objects.select_for_update().get(pk=label.team_id)
            label.delete()
    except (ProtectedError, IntegrityError):  # the latter where a box got it at this moment
        raise VideoRefused(Code.LABEL_IN_USE, label=label.name, boxes=Box.objects.filter(label=key).count()) from None


def _check_free(team: Team, name: str) -> None:
    """Raise VideoRefused where the team has a label of that name."""
    if Label.objects.for_team(team).filter(name=name).exists():
        raise VideoRefused(Code.LABEL_TAKEN, label=name)


def _checked(name: str) -> str:
    name = " ".join(letter for letter in "".join(map(_visible, name)).split())
    if not 1 <= len(name) <= MAX_LABEL_LENGTH:
        raise VideoRefused(Code.BAD_LABEL, most=MAX_LABEL_LENGTH)
    return name


def _visible(letter: str) -> str:
    """The letter, or nothing for one that takes no room: no person could tell such labels apart."""
    return "" if unicodedata.category(letter) in ("Cf", "Cc") else letter
