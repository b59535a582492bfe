"""The stored files that rows name: what a backup holds, and what a move takes along."""

from collections.abc import Callable, Iterator

# What each app names. The apps register from the lowest up, and the files of the highest change most often.
_lists: list[Callable[[], Iterator[str]]] = []


def told_by(look: Callable[[], Iterator[str]]) -> None:
    """Have `look` yield the names that an app's rows have. A name that ends with a slash is a folder's.

    It lists what is stored now, and nothing of rows that are deleted. It may name the same file twice.
    """
    _lists.append(look)


def in_turn() -> Iterator[Iterator[str]]:
    """Yield the names of each app. First comes the app whose files change most often."""
    for look in reversed(_lists):
        yield look()
