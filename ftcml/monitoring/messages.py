"""What /readyz says of each check. Anyone may read it, so no error's own words are in it."""

GOOD = {
    "database": "The database answers.",
    "broker": "The broker answers.",
    "storage": "Files can be stored, and the disk has room.",
    "installation": "The stored files belong to this database.",
    "training worker": "A training worker is running.",
    "sweep": "The sweep runs.",
}

NO_DATABASE = "The database doesn't answer."
NOT_WRITABLE = "The server can't write files to its storage."
DISK_NEARLY_FULL = "The disk is nearly full, so new trainings and imports are refused."


def no_broker(seconds: float) -> str:
    return f"The broker doesn't answer within {seconds:.0f} s. Trainings and imports wait until it does."


def stuck_worker(problem: str) -> str:
    return f"A training worker takes no jobs. {problem}"


def no_worker(minutes: float) -> str:
    return f"No training worker reported in the last {minutes:.0f} minutes, so no training starts."


def no_sweep(seconds: float) -> str:
    return f"No sweep ran in the last {seconds:.0f} s, so interrupted work isn't resumed."
