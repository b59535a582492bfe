"""A webhook's secret, and the signature of each message by the Standard Webhooks specification.

No secret is stored: it follows from the row's seed and from SECRET_KEY, which isn't in the database.
"""

import base64
import hmac
import secrets
from hashlib import sha256

from django.core.signing import Signer
from django.utils.crypto import salted_hmac

_SALT = "ftcml.webhooks"
_PREFIX = "whsec_"


def new_seed() -> str:
    """Return what a secret follows from, signed, so that one made under another SECRET_KEY is recognized."""
    return Signer(salt=_SALT).sign(secrets.token_urlsafe(24))


def shown_secret(seed: str) -> str:
    """Return the secret as the specification writes it. Raises BadSignature."""
    return _PREFIX + base64.b64encode(_secret(seed)).decode()


def headers(seed: str, message_id: str, seconds: int, body: bytes) -> dict[str, str]:
    """Return the headers of a message that is sent at this time. Raises BadSignature."""
    signed = hmac.new(_secret(seed), f"{message_id}.{seconds}.".encode() + body, sha256).digest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
    }


def _secret(seed: str) -> bytes:
    Signer(salt=_SALT).unsign(seed)
    return salted_hmac(_SALT, seed, algorithm="sha256").digest()
