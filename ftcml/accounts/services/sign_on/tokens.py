"""Whether a token of the provider is true: signed by it, for us, now, and an answer to this very sign-in."""

import time
from typing import Any

import jwt
from django.conf import settings

from ftcml.accounts.reasons import Reason, SignOnRefused
from ftcml.accounts.services.sign_on import discovery

# None that is signed with what two share: a client's secret must not make a token.
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
# How far apart two clocks may be.
_LEEWAY_SECONDS = 60
_LONGEST_TOKEN = 64_000
_LONGEST_SUBJECT = 191
_LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
_LOGOUT_SECONDS = 600

Claims = dict[str, Any]


def id_claims(token: object, nonce: str) -> Claims:
    """Return what an ID token says of who signs in. Raises SignOnRefused."""
    claims = _decoded(token, required=("iss", "sub", "aud", "exp", "iat"))
    if claims.get("nonce") != nonce:
        raise SignOnRefused(Reason.NONCE)
    if claims.get("azp", settings.OIDC_CLIENT_ID) != settings.OIDC_CLIENT_ID:
        raise SignOnRefused(Reason.AUDIENCE, f"azp {claims['azp']}")
    if not 0 < len(claims["sub"]) <= _LONGEST_SUBJECT:
        raise SignOnRefused(Reason.SHAPE, "sub")
    return claims


def logout_claims(token: object) -> Claims:
    """Return what a logout token says of who signed out, who has a `sub`, a `sid` or both. Raises SignOnRefused."""
    claims = _decoded(token, required=("iss", "aud", "iat"))
    events = claims.get("events")
    if not isinstance(events, dict) or _LOGOUT_EVENT not in events:
        raise SignOnRefused(Reason.SHAPE, "events")
    # With a nonce it would be an ID token, which a browser has seen.
    if "nonce" in claims or not any(isinstance(claims.get(who), str) for who in ("sub", "sid")):
        raise SignOnRefused(Reason.SHAPE, "nonce, sub or sid")
    if claims["iat"] < time.time() - _LOGOUT_SECONDS:
        raise SignOnRefused(Reason.EXPIRED, "iat")
    return claims


def _decoded(token: object, required: tuple[str, ...]) -> Claims:
    if not isinstance(token, str) or not token or len(token) > _LONGEST_TOKEN:
        raise SignOnRefused(Reason.SHAPE, "no token")
    key, issuer = discovery.key(token), discovery.document()["issuer"]
    try:
        return jwt.decode(
            token,
            key,
            algorithms=_ALGORITHMS,
            audience=settings.OIDC_CLIENT_ID,
            issuer=issuer,
            leeway=_LEEWAY_SECONDS,
            options={"require": list(required)},
        )
    except jwt.PyJWTError as error:
        raise SignOnRefused(_reason(error), error) from None


def _reason(error: jwt.PyJWTError) -> Reason:
    if isinstance(error, jwt.InvalidIssuerError):
        return Reason.ISSUER
    if isinstance(error, jwt.InvalidAudienceError):
        return Reason.AUDIENCE
    if isinstance(error, (jwt.ExpiredSignatureError, jwt.ImmatureSignatureError)):
        return Reason.EXPIRED
    if isinstance(error, (jwt.InvalidSignatureError, jwt.InvalidAlgorithmError, jwt.InvalidKeyError)):
        return Reason.SIGNATURE
    return Reason.SHAPE
