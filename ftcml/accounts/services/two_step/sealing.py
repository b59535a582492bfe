"""Keep the secrets of phones from who steals the database alone, as passwords are."""

import base64

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.utils.crypto import salted_hmac

_SALT = "ftcml.two-step"


class Sealed(DefaultMFAAdapter):
    """allauth's, with secrets that can be read only with SECRET_KEY."""

    def encrypt(self, text: str) -> str:
        return _sealer().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret, "" for one that was sealed under another SECRET_KEY: no code fits that."""
        try:
            return _sealer().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return ""


def _sealer() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(salted_hmac(_SALT, "", algorithm="sha256").digest()))
