"""Several rows into a team's trash, or out of it again: one that can't be moved stays and says why."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Moved(Generic[Row]):
    """The rows that went into the trash, or came out of it, and a sentence for each that did not."""

    rows: list[Row]
    refusals: list[str]


def move_each(rows: Iterable[Row], move: Callable[[Row], None], refused: type[Exception]) -> Moved[Row]:
    """Move every row that can be moved. `refused`: what `move` raises for one that stays; str() of it says why."""
    moved = Moved[Row]([], [])
    for row in rows:
        try:
            move(row)
            moved.rows.append(row)
        except refused as refusal:
            moved.refusals.append(str(refusal))
    return moved
