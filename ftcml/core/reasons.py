"""A reason as it is kept and passed on: never a sentence. An app's messages make the words where it is shown."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

# A number, a name, or a list of those, so that JSON can hold it.
Param = str | int | float | list[Any]


@dataclass(frozen=True)
class Reason:
    """Why something is as it is. `params`: the numbers and names that its sentence needs.

    "" as code stands for no reason.
    """

    code: str = ""
    params: dict[str, Param] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.code)


class Break(StrEnum):
    """Why slow work on a row ends without a result. Every app that has such work has reasons of these codes."""

    STUCK = "stuck"  # minutes
    TOO_MUCH_TIME = "too_much_time"  # minutes
    TOO_MUCH_MEMORY = "too_much_memory"  # gigabytes
    DISK_IS_FULL = "disk_is_full"
    NO_WORK_FOLDER = "no_work_folder"
    STORAGE_IS_AWAY = "storage_is_away"
    SERVER_BROKE = "server_broke"


class Given(dict[str, Param]):
    """Params for `str.format_map`. One that was not kept reads "…": a page must not fail for a word."""

    def __missing__(self, name: str) -> "Param":
        return _NotKept("…")


class _NotKept(str):
    """Reads the same whatever a template asks for, such as commas in a number."""

    def __format__(self, spec: str) -> str:
        return str(self)
