"""Why a sign-in through the provider was refused, as codes. messages.py has the words."""

from enum import StrEnum


class Reason(StrEnum):
    """The first ones are of a token, and in the log alone: a student can do nothing about the difference."""

    SIGNATURE = "signature"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    NONCE = "nonce"
    SHAPE = "shape"
    EXPIRED = "expired"
    AWAY = "away"
    CANCELED = "canceled"
    REFUSED = "refused"  # by the provider
    STALE = "stale"
    CLOSED = "closed"


class SignOnRefused(Exception):
    """No one was signed in. `detail`: for the log."""

    def __init__(self, reason: Reason, detail: object = "") -> None:
        super().__init__(reason, str(detail))
        self.reason, self.detail = reason, str(detail)[:300]
