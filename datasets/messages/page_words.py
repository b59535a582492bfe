"""What the pages and the API say of a dataset, and why a button can't be used with it."""

from collections.abc import Sequence

from django.template.defaultfilters import pluralize

from ftcml.core.messages import listed

SELECT_ONE = "Select a dataset first."
ONE_TO_DOWNLOAD = "Select only one dataset to download it."
STILL_IMPORTED = "This dataset isn't ready yet. Wait until its import is done."
SEND_A_FILE = "Send the zip file in this field, as multipart/form-data."
FRAME_IDS = "Give the id of each frame, a whole number."
DELETED_MEANWHILE = "The dataset was deleted in the meantime."


def files_lost(count: int, support: str) -> str:
    return (
        f"The server has lost {count} of this dataset's files, so it can't be downloaded. "
        f"Import or produce it again, or ask {support}."
    )


def pictures_lost(count: int, support: str) -> str:
    return (
        f"The server has lost {count} of these frames' pictures, so their labels can't be exported. "
        f"Upload the video again, or ask {support}."
    )


# --- labels that differ ---------------------------------------------------------------------------


def label_difference(difference: str) -> str:
    """Return why datasets can't be trained together. `difference`: what all_that_differs() said."""
    return (
        f"Their labels must be the same, but {difference}. Rename or merge labels on a dataset's page, or choose "
        "other datasets."
    )


def alone(is_extra: bool, datasets: Sequence[str], labels: Sequence[str]) -> str:
    """Return which datasets alone have these labels, or lack them, as a part of a sentence."""
    have = f"{listed(datasets, 'and')} {pluralize(len(datasets), 'has,have')}"
    return f"only {have} {listed(labels, 'and')}" if is_extra else f"{have} no {listed(labels, 'or')}"


def all_that_differs(told: Sequence[str], more: int) -> str:
    """Return the differences as one part of a sentence, and how many more there are."""
    others = [f"and there {pluralize(more, 'is,are')} {more} more"] if more > 0 else []
    return "; ".join([*told, *others])


# --- where a dataset comes from -------------------------------------------------------------------

SPLIT_KEPT = "The split into training and evaluation frames is the zip file's own."
EDITED = "Changed on this page since."


def drawn(seeded: str) -> str:
    return f"A sample with pictures that this server drew. {seeded}"


def imported_from(archive_format: str) -> str:
    return f"Imported from {archive_format}. "


def seeded(percent: int, seed: int) -> str:
    return f"{percent}% of the frames are held back for evaluation (random seed {seed})."
