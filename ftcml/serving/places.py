"""A limited number of places to take and give back, in all and for one client."""

from collections import Counter
from collections.abc import Hashable
from threading import Lock


class Places:
    def __init__(self, total: int, of_one: int) -> None:
        self._total, self._of_one = total, of_one
        self._lock = Lock()
        self._taken: Counter[Hashable] = Counter()

    def take(self, client: Hashable) -> bool:
        """Take a place for the client. Return whether one was free."""
        with self._lock:
            if self._taken.total() >= self._total or self._taken[client] >= self._of_one:
                return False
            self._taken[client] += 1
            return True

    def give_back(self, client: Hashable) -> None:
        with self._lock:
            self._taken[client] -= 1
            self._taken += Counter()  # which leaves out those who have none
