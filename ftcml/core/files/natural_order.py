"""Names in the order in which people number them: frame2 before frame10."""

import re
import unicodedata

_DIGITS = re.compile(r"(\d+)")

Key = tuple[tuple[tuple[int, int, str], ...], str]


def natural_key(name: str) -> Key:
    """Return what to sort names by. Capitals count only between names that are otherwise the same."""
    parts = _DIGITS.split(unicodedata.normalize("NFKC", name).casefold())
    return tuple((1, int(part), "") if place % 2 else (0, 0, part) for place, part in enumerate(parts)), name
