"""Codes of why an export has failed; messages.py has the words."""

from enum import StrEnum


class Code(StrEnum):
    DISK_FULL = "disk_full"
    GAVE_UP = "gave_up"
