"""The words for reasons around videos, a module for each subject. They are made only here.

Pages, the API, logs and commands ask for them when they show a reason; the database keeps codes (reasons.py).
"""

from collections.abc import Callable
from typing import cast

from django.conf import settings

from ftcml.core.reasons import Given, Param, Reason
from videos.messages.refusal_words import REFUSALS
from videos.reasons import Code

_of_archives: list[Callable[[Reason], str]] = []


def tell_archives_by(words_of_archives: Callable[[Reason], str]) -> None:
    """Have the part that reads archives make the words for what it refuses, which stands above this one."""
    _of_archives[:] = [words_of_archives]


def words(reason: Reason) -> str:
    """Return the sentences for a reason, "" for none, and for a code that this version does not know."""
    if reason.code == Code.ARCHIVE:
        code, params = cast("tuple[str, dict[str, Param]]", reason.params["reason"])
        return "".join(words_of_archives(Reason(code, params)) for words_of_archives in _of_archives)
    if reason.code not in REFUSALS:
        return ""
    named = {name: ", ".join(map(str, value)) for name, value in reason.params.items() if isinstance(value, list)}
    return REFUSALS[reason.code].format_map(Given({**reason.params, "support": settings.SUPPORT_CONTACT, **named}))
