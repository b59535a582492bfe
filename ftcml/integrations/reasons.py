"""Codes of what goes wrong with webhooks and mail; messages.py has the words."""

from enum import StrEnum


class Problem(StrEnum):
    """Why a message didn't arrive."""

    NO_ANSWER = "no_answer"
    TOO_SLOW = "too_slow"
    UNKNOWN_NAME = "unknown_name"
    NOT_ALLOWED = "not_allowed"  # the name leads to a private address
    CERTIFICATE = "certificate"
    REDIRECT = "redirect"
    STATUS = "status"  # any other status than 2xx
    BROKEN = "broken"  # a mistake of this server
    MAIL = "mail"  # the mail server didn't take it


class Refusal(StrEnum):
    """Why an address isn't taken as a webhook's."""

    NOT_HTTPS = "not_https"
    NO_ADDRESS = "no_address"
    PRIVATE = "private"
    NO_EVENT = "no_event"
    TOO_MANY = "too_many"  # most
    TAKEN = "taken"
