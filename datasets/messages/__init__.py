"""The words for reasons around datasets, in a table for each subject. They are made only here.

Pages, the API, logs and commands ask for them when they show a reason; the database keeps codes (reasons.py).
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.conf import settings

from datasets.messages.failures import FAILURES
from datasets.messages.inflections import inflected
from datasets.messages.notes import NOTES, SUMMARIES
from datasets.reasons import Reason
from datasets.repairs import Entry, Kind
from ftcml.core.reasons import Given

_MESSAGES: dict[str, str] = {**FAILURES, **NOTES}


def words(reason: Reason) -> str:
    """Return the sentences for a reason, "" for none, and for a code that this version does not know."""
    if reason.code not in _MESSAGES:
        return ""
    given = Given({**reason.params, "support": settings.SUPPORT_CONTACT, **inflected(reason.params)})
    given |= _with_notes(reason.params)
    return _MESSAGES[reason.code].format_map(given)


def _with_notes(params: dict[str, Any]) -> dict[str, str]:
    """Return the words of reasons within a reason: one that ends its sentence, or several together."""
    if "note" in params:
        said = words(Reason(*params["note"]))
        return {"text": said[:1].lower() + said[1:]}
    return {"together": " ".join(words(Reason(*note)) for note in params["notes"])} if "notes" in params else {}


def of_repair(entry: Entry) -> str:
    """Return the sentence for an entry of `Dataset.repairs`."""
    return words(Reason(entry["code"], entry["params"]))


def summary(entries: Iterable[Entry]) -> dict[str, int]:
    """Return how many files each kind of repair happened to, by the kind's words."""
    files: Counter[str] = Counter()
    for entry in entries:
        files[SUMMARIES[Kind(entry["kind"])]] += entry["files"]
    return dict(files)
