"""What a mail says, with the key in its link, which is made here and stands nowhere else."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from ftcml.accounts.models import JoinKey, WaitingMail
from ftcml.accounts.services.mailing import own_address, resets
from ftcml.accounts.services.membership import keys

Kind = WaitingMail.Kind


@dataclass(frozen=True)
class Letter:
    """`template`: in templates/mail/."""

    template: str
    to: str
    context: dict[str, object]


def of(row: WaitingMail) -> Iterator[Letter]:
    """Return the mails that the row asks for: none where no account has the address, several where some share it."""
    if row.kind == Kind.INVITATION and row.key:
        yield _invitation(row, row.key)
    elif row.kind == Kind.OWN_ADDRESS and row.user:
        link = _link(row, "own-address-confirm", own_address.key_of(row.user, row.email))
        yield Letter("own_address", row.email, {"user": row.user, "link": link})
    elif row.kind == Kind.NEW_PASSWORD:
        for user in resets.people_with(row.email):
            link = _link(row, "new-password", resets.key_of(user))
            yield Letter("new_password", user.email, {"user": user, "link": link, "hours": resets.HOURS})


def take_back(row: WaitingMail) -> None:
    """Make the key useless that a mail had which may not have arrived: the next try makes another."""
    JoinKey.objects.filter(mails=row).update(digest=None)


def _invitation(row: WaitingMail, key: JoinKey) -> Letter:
    text = keys.new_invitation_key()
    JoinKey.objects.filter(pk=key.pk).update(digest=keys.digest_of(text))
    context = {
        "team": key.team,
        "maker": key.maker,
        "link": _link(row, "join", text),
        "days": keys.INVITATION_LASTS.days,
    }
    return Letter("invitation", row.email, context)


def _link(row: WaitingMail, page: str, key: str) -> str:
    """Return an address with the key behind the #, which browsers send to no server."""
    return f"{row.site}{reverse(page)}#{key}"
