"""How old an annotation file is, where several say something of one picture."""

import re
from dataclasses import dataclass

_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d))?")
_SAYS_OLD = re.compile(r"(^|[^a-z])(old|older|backup|bak|before|previous|copy)([^a-z]|$)")
# What a zip says of a file whose date its program did not know.
_NO_YEAR = 1980


@dataclass(frozen=True, slots=True)
class Age:
    """What is known of a file's age. `day` and `time` are empty, and `written` is, where they aren't known."""

    says_old: bool
    day: str
    time: str
    written: tuple[int, ...]

    def is_newer_than(self, other: "Age") -> bool:
        """Whether it is newer for certain: by the names, by the dates that both files state, by those in the zip."""
        if self.says_old != other.says_old:
            return other.says_old
        if self.day and other.day and self.day != other.day:
            return self.day > other.day
        if self.day and self.day == other.day and self.time and other.time and self.time != other.time:
            return self.time > other.time
        return bool(self.written and other.written and self.written > other.written)


def age(name: str, written: tuple[int, ...], date: str = "") -> Age:
    """The age of a file, by its name in the zip, when the zip says it was written, and the date that it states."""
    found = _DATE.match(date.strip())
    day, time = found.groups("") if found else ("", "")
    return Age(bool(_SAYS_OLD.search(name.lower())), day, time, written if written[:1] > (_NO_YEAR,) else ())
