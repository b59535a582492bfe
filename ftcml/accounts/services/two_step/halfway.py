"""Who has given the right password and not yet the code. A session holds it, in which nobody is signed in so far."""

from dataclasses import asdict, dataclass
from datetime import timedelta

from django.contrib.sessions.backends.base import SessionBase
from django.utils.crypto import constant_time_compare

from ftcml.accounts.models import User
from ftcml.core import clock

_KEY, _DONE = "two_step", "two_step_done"
_LASTS = timedelta(minutes=10)
# Then the password is asked for again.
_MOST_WRONG = 5


@dataclass
class Halfway:
    """`after`: where to go then. `fingerprint`: of the password, so that a new one ends this too."""

    person: int
    fingerprint: str
    until: float
    keep: bool
    after: str
    wrong: int = 0

    @property
    def user(self) -> User | None:
        """Return who it is, None where the account was closed or has another password since."""
        user = User.objects.filter(pk=self.person).first()
        is_same = user and user.may_sign_in and constant_time_compare(user.get_session_auth_hash(), self.fingerprint)
        return user if is_same else None


def begin(session: SessionBase, user: User, keep: bool, after: str) -> None:
    until = (clock.now() + _LASTS).timestamp()
    session[_KEY] = asdict(Halfway(user.pk, user.get_session_auth_hash(), until, keep, after))


def of(session: SessionBase) -> Halfway | None:
    """Return who is half-way in, None for nobody."""
    kept = session.get(_KEY)
    found = Halfway(**kept) if kept else None
    return found if found and found.until > clock.now().timestamp() and found.wrong < _MOST_WRONG else None


def was_wrong(session: SessionBase, half: Halfway) -> None:
    half.wrong += 1
    session[_KEY] = asdict(half)


def done(session: SessionBase) -> None:
    """Keep that this session's person gave a code."""
    session.pop(_KEY, None)
    session[_DONE] = True


def is_done(session: SessionBase) -> bool:
    return bool(session.get(_DONE))
