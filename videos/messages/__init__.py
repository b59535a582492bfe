"""The words for reasons around videos, a module for each subject. They are made only here.

Pages, the API, logs and commands ask for them when they show a reason; the database keeps codes (reasons.py).
"""

from django.conf import settings

from ftcml.core.reasons import Given, Reason
from videos.messages.refusal_words import REFUSALS


def words(reason: Reason) -> str:
    """Return the sentences for a reason, "" for none, and for a code that this version does not know."""
    if reason.code not in REFUSALS:
        return ""
    named = {name: ", ".join(map(str, value)) for name, value in reason.params.items() if isinstance(value, list)}
    return REFUSALS[reason.code].format_map(Given({**reason.params, "support": settings.SUPPORT_CONTACT, **named}))
