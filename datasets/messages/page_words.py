"""What the pages and the API say of a dataset, and why a button can't be used with it."""

from collections.abc import Sequence

SELECT_ONE = "Select a dataset first."
ONE_TO_DOWNLOAD = "Select only one dataset to download it."
STILL_IMPORTED = "This dataset isn't ready yet. Wait until its import is done."
SEND_A_FILE = "Send the zip file in this field, as multipart/form-data."
FRAME_IDS = "Give the id of each frame, a whole number."
DELETED_MEANWHILE = "The dataset was deleted in the meantime."


def not_ready(dataset: str) -> str:
    return f"“{dataset}” isn't ready. Uncheck it."


def files_lost(count: int, support: str) -> str:
    return (
        f"The server has lost {count} of this dataset's files, so it can't be downloaded. "
        f"Import its zip file again, or ask {support}."
    )


# --- labels that differ ---------------------------------------------------------------------------


def label_difference(difference: str) -> str:
    """Return why datasets can't be trained together. `difference`: what lacking_labels() said."""
    return f"Datasets need the same labels to train together: {difference}."


def lacking_labels(lacking: Sequence[tuple[str, Sequence[str]]], others: int) -> str:
    """Return which dataset lacks which labels, as a part of a sentence, and how many others lack some."""
    named = (f"“{dataset}” has no {' and no '.join(f'“{label}”' for label in labels)}" for dataset, labels in lacking)
    return "; ".join(named) + (f"; and so on with {others} more" if others > 0 else "")


# --- where a dataset comes from -------------------------------------------------------------------

SPLIT_KEPT = "The split into training and evaluation frames is the zip file's own."
EDITED = "Changed on this page since."


def drawn(seeded: str) -> str:
    return f"A sample with pictures that this server drew. {seeded}"


def imported_from(archive_format: str) -> str:
    return f"Imported from {archive_format}. "


def seeded(percent: int, seed: int) -> str:
    return f"{percent}% of the frames are held back for evaluation (random seed {seed})."
