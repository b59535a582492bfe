"""The words about the trash and the trainer's log, and the titles of windows."""

from collections import Counter
from collections.abc import Iterable

from django.utils.text import get_text_list

from training.states import JobState

LOG_IS_FOR_COACHES = "Only coaches can read the trainer's log. Ask your coach."
NOT_IN_THE_TRASH = "There is no such item in your team's trash."

_MARKS = {JobState.SUCCEEDED: "✓ ", JobState.FAILED: "✗ ", JobState.STOPPED: "■ ", JobState.CANCELED: "■ "}


def restored(kinds: Iterable[str]) -> str:
    """Return what was restored, by the kind of each: "Restored 1 dataset and 2 models."."""
    counted = [f"{number} {kind}{'s' if number > 1 else ''}" for kind, number in Counter(kinds).items()]
    return f"Restored {get_text_list(counted, 'and')}."


def ended(state: JobState, model: str) -> str:
    """Return the headline of a notification: "✓ SUCCEEDED: cones"."""
    return f"{_MARKS[state]}{state}: {model}"


def title(state: JobState, model: str, percent: int | None) -> str:
    """Return the title of a model's pages: "RUNNING 45% · cones"."""
    done = "" if percent is None else f" {percent}%"
    return f"{_MARKS.get(state, '')}{state}{done} · {model}"


def list_title(ended: int) -> str:
    """Return the title of the Models tab: "(1 ended) Models"."""
    return f"({ended} ended) Models" if ended else "Models"
