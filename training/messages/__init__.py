"""The words of models and trainings, in a module for each subject. They are made only here and in templates.

Pages, the API, logs and commands ask for the words of a reason when they show it; the database keeps codes
(reasons.py).
"""

from django.conf import settings

from detector.contract import failure
from ftcml.core.reasons import Given
from training.messages import proposal_words, reason_words, refusal_words
from training.messages.reason_words import in_line
from training.reasons import Reason

__all__ = ["in_line", "words"]

_OF_JOBS = (reason_words.SERVER, reason_words.NOTES, failure.WORDS)
_MESSAGES: dict[str, str] = {
    str(code): said
    for table in (*_OF_JOBS, refusal_words.REFUSALS, proposal_words.FAILURES)
    for code, said in table.items()
}


def words(reason: Reason) -> str:
    """Return the sentences for a reason, "" for none, and for a code that this version does not know."""
    if reason.code not in _MESSAGES:
        return ""
    params = reason.params
    given = Given({**params, "support": settings.SUPPORT_CONTACT})
    given |= reason_words.inflected(params) | refusal_words.inflected(params)
    templates = [_MESSAGES[reason.code], *(said for param, said in reason_words.FOLLOWING.items() if param in params)]
    return " ".join(template.format_map(given) for template in templates)
