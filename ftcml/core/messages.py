"""What people read about requests, uploads, lists and the storage, whichever app they use."""

from collections.abc import Sequence
from itertools import pairwise

BUSY = "The server is busy. Try again in a moment."

# --- the storage ----------------------------------------------------------------------------------

STORAGE_AWAY = (
    "The server's file storage isn't responding. Try again in a few minutes. If that fails too, tell {support}."
)


def nearly_full(free_bytes: int, can_delete: bool, support: str) -> str:
    """Return why nothing large starts. `can_delete`: whether the teams' own files fill that disk."""
    delete = "Delete datasets or models that you don't need, or ask" if can_delete else "Ask"
    return (
        f"The server's disk is nearly full, with {free_bytes / 1e9:.1f} GB left. Training and your files are safe. "
        f"{delete} {support} to make room."
    )


def file_too_large(size: int, limit: int) -> str:
    return (
        f"This file is {_megabytes(size)}, and the limit is {_megabytes(limit)}. "
        "Split it into smaller zip files, then import each one."
    )


def _megabytes(size: int) -> str:
    return f"{size / 1024**2:,.0f} MB" if size >= 1024**2 else f"{size / 1024:,.0f} kB"


# --- secrets --------------------------------------------------------------------------------------

GIVEN_TWICE = "{name} and {name}_FILE are both set. Remove one of them, then start again."
FILE_UNREADABLE = (
    "{variable} names {file}, which can't be read: {why}. Correct the name, or let the server's user read it. "
    "Then start again."
)
NO_TEXT = "it isn't text"
FILE_EMPTY = "{variable} names {file}, which is empty or too long. Write the secret into it, then start again."

# --- requests -------------------------------------------------------------------------------------

BROKEN = "Something broke on the server. Try again in a minute. If it breaks again, tell the operator."
GONE = "We can't find that item. Someone may have just deleted it. Load your list again."
NOT_A_ZIP = "That isn't a zip file. Zip your pictures and annotations, then choose that file."
BAD_DESCRIPTION = "Enter a description of 1 to {most} characters."
BROKE_OFF = "The upload stopped before its end. Send it again."
UNREADABLE = "The server can't read this request."
NOT_UTF_8 = "The text of a request must be UTF-8."
NUL_IN_ADDRESS = "An address can't hold a NUL character."
NUL_IN_SEARCH = "Remove the NUL character from the search."
JSON_TOO_DEEP = "This JSON is nested too deeply."
NOT_UNICODE = "This JSON holds text that isn't valid Unicode. Send valid Unicode without NUL characters."


def not_ready(name: str) -> str:
    """Return why a button can't be used with what is selected."""
    return f"“{name}” isn't ready. Uncheck it."


def request_too_large(limit: int) -> str:
    return f"This request is over {limit // 1024} kB. Send less at once."


# --- labels and boxes -----------------------------------------------------------------------------

# The labels that a sentence names; the others are counted.
_LABELS_NAMED = 3


def listed(names: Sequence[str], before_last: str = "and") -> str:
    """Return the names as a part of a sentence. Many are the first ones, and how many more."""
    told = [f"“{name}”" for name in names[:_LABELS_NAMED]]
    if more := len(names) - len(told):
        told.append(f"{more} more")
    *others, last = told or [""]
    return f"{', '.join(others)} {before_last} {last}" if others else last


def small_boxes(
    labels: Sequence[str], boxes: int, pixels: int, side: int, finders: Sequence[tuple[str, float]]
) -> tuple[str, str]:
    """Say that many boxes are small in the model's input, which models find such objects, and what to do.

    Args:
        labels: those that have many such boxes.
        boxes: how many of their boxes are under so many pixels.
        pixels: of a box's shorter side.
        side: of the frames that this is measured in.
        finders: the usual starting model and the best one, each with the part of such objects that it finds, 0 to 1;
            the usual one alone where it's the best, none where that wasn't measured.
    """
    counted = f"{boxes:,} box{'' if boxes == 1 else 'es'} of {listed(labels)} {'is' if boxes == 1 else 'are'}"
    found = f"{counted} under {pixels} pixels when a frame shrinks to {side} × {side} for the model."
    if not finders:
        return f"{found} Few models find such small objects.", f"{_CLOSER}, or train a model with a larger input."
    (usual, part), *better = finders
    text = f"{found} In our test, {usual} finds {of_ten(part)}"
    if not better:
        return f"{text}. No other starting model finds more.", f"{_CLOSER}."
    ((best, part),) = better
    return f"{text}, and {best} {of_ten(part)}.", f"Choose {best} to train, or film from closer."


_CLOSER = "Film from closer, or crop the pictures"


def of_ten(part: float) -> str:
    """Return a part from 0 to 1 in words: "about 3 of 10"."""
    number = round(10 * part)
    return {0: "hardly any of 10", 10: "nearly all 10 of 10"}.get(number, f"about {number} of 10")


def size_heads(steps: Sequence[int]) -> list[str]:
    """Return words for each class of sizes: "under 10", "10 to 20", …, "160 or more"."""
    between = [f"{low} to {high}" for low, high in pairwise(steps)]
    return [f"under {steps[0]}", *between, f"{steps[-1]} or more"]


# --- the API --------------------------------------------------------------------------------------

# In the description of the API: how any operation can refuse, by the status.
ANY_OPERATION = {
    "400": "The request can't be read, or what it asks for can't be done.",
    "503": "The server is busy, under maintenance, or can't reach its storage. Try again in a moment.",
}
WITH_TOKEN = {
    "401": "The token isn't valid.",
    "403": "You aren't on a team, or only coaches can do this.",
}
WITH_BODY = {
    "413": "The body is too large.",
    "415": "The server can't read this kind of body.",
}
