"""A mail address of one's own, for coaches and operators: kept once a link that was mailed there was opened.

Students need none, and none is kept of them.
"""

from django.core import signing
from django.utils.crypto import salted_hmac

from ftcml.accounts.models import Membership, User

_SALT = "ftcml.own-address"
_SECONDS = 24 * 3600


def may_have_one(user: User) -> bool:
    """Return whether the person looks after others here, as coach or operator."""
    return user.is_operator or user.memberships.filter(role=Membership.Role.COACH).exists()


def key_of(user: User, email: str) -> str:
    """Return the key that confirms the address. It works until the person's address or password changes, or a day."""
    return signing.dumps({"user": user.pk, "email": email, "state": _state(user)}, salt=_SALT, compress=True)


def confirm(key: str) -> User | None:
    """Keep the address that the key confirms, and return whose it is; None where the key doesn't work."""
    try:
        said = signing.loads(key, salt=_SALT, max_age=_SECONDS)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=said["user"]).first()
    if user is None or said["state"] != _state(user) or not may_have_one(user):
        return None
    user.email = said["email"]
    user.save(update_fields=["email"])
    return user


def remove(user: User) -> None:
    """Forget the person's address."""
    user.email = ""
    user.save(update_fields=["email"])


def _state(user: User) -> str:
    """Return what changes with the person's address and password."""
    return salted_hmac(_SALT, f"{user.email} {user.password}").hexdigest()[:16]
