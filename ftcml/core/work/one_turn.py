"""A worker's turn at one kind of slow work: one row, then the end of the queue."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet

from ftcml.core.work.attempts import AttemptLease

Row = TypeVar("Row")
Held = TypeVar("Held", bound=AttemptLease)


@dataclass(frozen=True)
class Turn(Generic[Row, Held]):
    """One row, then the end of the queue: the next may be another team's turn.

    Args:
        must_wait: whether nothing can be worked on now; a sweep wakes a worker later.
        claim_next: takes the next row; None when there is none to take now.
        work: does what a claimed row waits for. It takes as long as that takes.
        waiting: the rows that could be claimed.
        wake: has a worker take another turn.
    """

    must_wait: Callable[[], bool]
    claim_next: Callable[[], tuple[Row, Held] | None]
    work: Callable[[Row, Held], Any]
    waiting: Callable[[], "QuerySet[Any]"]
    wake: Callable[[], None]

    def take(self) -> Row | None:
        """Work on the next row, and return it; None where there was none."""
        if self.must_wait() or not (claimed := self.claim_next()):
            return None
        self.work(*claimed)
        if self.waiting().exists():
            self.wake()
        return claimed[0]
