"""Invite a coach: by mail, or by a link to hand over."""

from django.db import transaction

from ftcml.accounts import messages
from ftcml.accounts.models import Team, User, WaitingMail
from ftcml.accounts.services.mailing import waiting
from ftcml.accounts.services.membership import keys
from ftcml.accounts.services.membership.keys import NewKey
from ftcml.accounts.services.membership.people import PersonRefused


@transaction.atomic
def make(team: Team, maker: User, email: str, site: str) -> NewKey | None:
    """Have a worker mail an invitation, and return None; or without an address return its key. Raises PersonRefused.

    Args:
        team: of which the person becomes a coach.
        maker: who invites.
        email: where the mail goes, or "".
        site: the server's address, for the link in the mail.
    """
    if not email:
        return keys.make_invitation(team, maker)
    key = keys.note_invitation(team, maker, email)
    if not waiting.ask_for(WaitingMail.Kind.INVITATION, email, site, key=key):
        raise PersonRefused(messages.MAILED_OFTEN)
    return None
