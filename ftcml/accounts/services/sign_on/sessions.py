"""Sessions that began at the provider, so that it can end them."""

from datetime import UTC, datetime, timedelta

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import transaction
from django.db.models import QuerySet

from ftcml.accounts.models import ProviderSession, User
from ftcml.accounts.services.sign_on.tokens import Claims
from ftcml.core import clock

# In a session: the ID token, which the provider asks for when its person signs out.
_ID_TOKEN = "sign_on_token"  # noqa: S105
_LONGEST_SID = 255
# Two machines' clocks: a session that begins right after the provider ended another stays.
_CLOCKS = timedelta(seconds=60)


def begin(session: SessionBase, user: User, claims: Claims, id_token: str) -> None:
    """Keep that the session began at the provider. It must have its person by now."""
    session[_ID_TOKEN] = id_token
    session.save()
    sid = claims.get("sid")
    kept = sid if isinstance(sid, str) and len(sid) <= _LONGEST_SID else ""
    # Who signs in a second time in one browser keeps the session.
    now = {"user": user, "sid": kept, "created": clock.now()}
    ProviderSession.objects.update_or_create(session_key=session.session_key or "", defaults=now)


def id_token_of(session: SessionBase) -> str:
    """Return the ID token of a session that began at the provider, "" for any other."""
    return str(session.get(_ID_TOKEN, ""))


def moved(before: str | None, session: SessionBase) -> None:
    """Keep up with a session that continues under a new key, as after a new password."""
    if id_token_of(session):
        session.save()
        ProviderSession.objects.filter(session_key=before or "").update(session_key=session.session_key or "")


def end(claims: Claims) -> int:
    """End the sessions that a logout token is for, and return how many. A token of before ends none that is newer."""
    before = datetime.fromtimestamp(claims["iat"], UTC) + _CLOCKS
    rows = ProviderSession.objects.filter(created__lte=before)
    if sub := claims.get("sub"):
        people = SocialAccount.objects.filter(provider=settings.OIDC_ISSUER, uid=sub)
        rows = rows.filter(user__in=people.values("user"))
    if sid := claims.get("sid"):
        rows = rows.filter(sid=sid)
    return _end(rows)


def end_all(user: User) -> int:
    """End the person's sessions that began at the provider, and return how many."""
    return _end(ProviderSession.objects.filter(user=user))


def forget_ended() -> None:
    """Remove what is kept of sessions that are no more."""
    old = ProviderSession.objects.filter(created__lt=clock.now() - timedelta(hours=1))
    old.exclude(session_key__in=_stored().values("session_key")).delete()


@transaction.atomic
def _end(rows: QuerySet[ProviderSession]) -> int:
    keys = list(rows.values_list("session_key", flat=True))
    _stored().filter(session_key__in=keys).delete()
    ProviderSession.objects.filter(session_key__in=keys).delete()
    return len(keys)


def _stored() -> QuerySet[AbstractBaseSession]:
    """Return every session. Of which model they are is Django's affair."""
    return SessionStore.get_model_class()._default_manager.all()
