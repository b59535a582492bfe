"""What operators read about backups, restores and moves."""

from pathlib import Path

# --- stages ---------------------------------------------------------------------------------------

COPYING = "Copying files that changed since the last backup."
COPYING_NEW = "Copying what came in meanwhile."
COPYING_LAST = "Copying the last files, for one moment of the database."
WRITING_ROWS = "Writing the database."
CHECKING = "Checking every file of the backup."
LOADING_ROWS = "Loading the database, and comparing each row."
STORING = "Storing files."
READING_BACK = "Reading every file back, to compare it."
STOPPED = "Stopped. Run the same command again to resume."

# --- refusals of a backup -------------------------------------------------------------------------

OTHER_VERSION = (
    "The database is of another version. Start this version once, so that it brings the database up to date. Then run "
    "this again."
)
ALWAYS_CHANGING = (
    "Files are removed faster than we can copy them. Run the same command again at a quieter time. Nothing copied is "
    "lost."
)


DISK_FULL = "The disk is full. Free some space, then run the same command again. It resumes."


def not_possible(why: str) -> str:
    """Return what an operator reads when the system refuses something. `why`: the system's own words."""
    return f"It stopped: {' '.join(why.split()).rstrip('.')}. Fix that, then run the same command again. It resumes."


def already_under_way(place: Path) -> str:
    return f"Another backup into {place} is under way. Wait until it ends."


# --- refusals of a restore ------------------------------------------------------------------------


def no_backup(folder: Path) -> str:
    return f"There's no complete backup in {folder}. Name a folder like ftcml-20261130-191500."


def damaged_manifest(folder: Path) -> str:
    return f"The manifest of {folder} is damaged. Nothing was changed. Use another backup."


def damaged(name: str) -> str:
    return f"The backup is damaged: {name} isn't as it was written. Nothing was changed. Use another backup."


def newer_format(version: str) -> str:
    return f"This backup is from version {version}, which writes a newer form. Install that version, then restore."


def newer_version(version: str) -> str:
    return f"This backup is from version {version}, which is newer than this one. Install that version, then restore."


def other_tables(version: str) -> str:
    return f"This backup of version {version} has other tables than we know of that version. Restore it with that one."


def database_not_empty() -> str:
    return (
        "The database isn't empty, so nothing was changed. Name an empty one: another FTCML_DATA, or another "
        "DATABASE_URL."
    )


def files_not_empty(where: str) -> str:
    return (
        f"The file storage {where} isn't empty, so nothing was changed. Name an empty one: another FTCML_DATA, or "
        "another FTCML_S3_BUCKET or FTCML_S3_PREFIX."
    )


def filled_by_another(by: str) -> str:
    return f"The {by} into this place isn't finished. Run that again, or name an empty place."


def another_database(by: str) -> str:
    return (
        f"The {by} was begun with another database. Nothing was changed. Name the same DATABASE_URL or FTCML_DATA, "
        "then run it again."
    )


def server_runs(data: object) -> str:
    return f"A server runs with the data folder {data}. Stop it with Ctrl-C, then run this again."


def name_of_restore(folder: Path, created: str) -> str:
    """Return how a restore of this backup is called, so that the same one resumes."""
    return f"restore of {folder.resolve().name} from {created}"


def name_of_move(data: object) -> str:
    """Return how a move from this data folder is called, so that the same one resumes."""
    return f"move from {data}"


def unfinished(by: str) -> str:
    return f"The {by} into this place isn't finished. Run it again, then start the server."


def row_refused(table: str, why: str) -> str:
    return f"This database doesn't take a row of {table}, so no row was changed: {' '.join(why.split())}"


def rows_changed(table: str, given: int, kept: int) -> str:
    return (
        f"The rows of {table} aren't the same in the new database: {given:,} rows became {kept:,}, or their content "
        "changed. No row was kept."
    )


def reference_broken(why: str) -> str:
    return f"A row names another row that isn't there, so no row was kept: {' '.join(why.split())}"


def source_changed(name: str) -> str:
    return f"The file {name} changed while it was stored. Stop every program that writes there, then run this again."


def not_kept(name: str) -> str:
    return f"The storage gives {name} back changed, though we stored it twice. Check the disk or bucket."


# --- refusals of a move ---------------------------------------------------------------------------

NOWHERE_TO_MOVE = (
    "Say where to move: set DATABASE_URL for the database, FTCML_S3_BUCKET for the files, or both. FTCML_DATA names "
    "the folder to move from."
)
WORKERS_LIVE = (
    "A training worker was seen within the last two minutes. Stop the server and all of its workers. Then wait two "
    "minutes and run this again."
)


def no_source(database: Path) -> str:
    return f"There's no database {database} to move from. Set FTCML_DATA to the data folder of the old server."


# --- what was done --------------------------------------------------------------------------------


def counted(count: int, one: str, several: str) -> str:
    """Return a number with its noun."""
    return f"{count:,} {one if count == 1 else several}"


def resumed(count: int) -> str:
    return (
        "1 training was under way. It resumes when the server starts."
        if count == 1
        else f"{count:,} trainings were under way. They resume when the server starts."
    )


def size(count: int) -> str:
    """Return a number of bytes as people read it."""
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.1f} MB"


def contradicts_itself(job_id: object, code: str) -> str:
    return f"job {job_id} contradicts itself: {code}"


def lost_before(count: int) -> str:
    """Return what a backup or a move says of files that rows name and that aren't stored."""
    return (
        f"{count:,} files that the database names weren't stored any more. manage.py check_storage lists them."
        if count != 1
        else "A file that the database names wasn't stored any more. manage.py check_storage names it."
    )
