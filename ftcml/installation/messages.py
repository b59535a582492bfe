"""What operators read about stored files that may not be this database's."""

from collections.abc import Iterable

_WAITS = "Until this is fixed, nothing is imported, trained or removed."
_SET_RIGHT = (
    "Set DATABASE_URL, FTCML_DATA and FTCML_S3_BUCKET to a database and storage that belong together, and restart the "
    "server. If these do belong together, run “manage.py adopt_storage”. It first shows what is there."
)
OTHER_DATABASE = f"The stored files belong to another database. {_WAITS} {_SET_RIGHT}"
NOT_THERE = f"The stored files aren't where they should be. Check that the drive is mounted. {_WAITS} {_SET_RIGHT}"
DAMAGED = (
    f"The file installation.json in the storage can't be read, so we can't tell whose files these are. {_WAITS} "
    f"{_SET_RIGHT}"
)
NOT_WRITABLE = f"The server can't write files to its storage. {_WAITS} Check the disk or bucket and its permissions."
# In that file, for people who open it.
ABOUT_IDENTITY = "Says to which database the files here belong. Don't remove it."

ABOUT_RESERVED = "A restore or a move into this storage isn't finished. Run it again. Don't remove this file."


def too_old(version: str) -> str:
    """Return why a program that an upgrade hasn't reached yet takes no work."""
    return f"The database is of a newer version than this machine's {version}. Upgrade this machine, then restart it."


def nothing_imported(support: str) -> str:
    """Return what a team reads while the stored files aren't this database's."""
    return f"The server's files aren't in order, so nothing can be imported now. Tell {support}."


def mostly_unknown(kinds: Iterable[tuple[str, int, int]]) -> str:
    """Return the alarm that most files are unknown.

    `kinds`: each with how many files are unknown, and how many there are.
    """
    what = " and ".join(f"{unknown} of {count} stored {kind}" for kind, unknown, count in kinds)
    return (
        f"The database is missing all or part of {what}. It may be the wrong one or an old backup, so we don't remove "
        "these files. Fix DATABASE_URL, or restore the newest backup. If this is the right database, run “manage.py "
        "check_storage”, then run it again with --remove-unknown."
    )
