"""How far a backup, a restore or a move is, for the person at the terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

Say = Callable[[str], object]


class Progress:
    """Says each stage as it begins, and counts it where a terminal shows that."""

    def __init__(self, say: Say) -> None:
        self.say = say
        self._bar: tqdm | None = None

    @contextmanager
    def stage(self, sentence: str, total: int, unit: str) -> Iterator[None]:
        self.say(sentence)
        with tqdm(total=total, unit=f" {unit}", disable=None, leave=False) as self._bar:
            yield

    def advance(self, count: int = 1) -> None:
        if self._bar is not None:
            self._bar.update(count)
