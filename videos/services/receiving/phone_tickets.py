"""Tickets: a phone uploads for a person without signing in on it. The key is in the QR code, and nowhere else."""

import secrets
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.db.models import Q, QuerySet, Sum

from ftcml.accounts.models import ApiToken, Team, User
from ftcml.core import clock
from videos.models import PhoneTicket, Video
from videos.reasons import Code
from videos.refusals import VideoRefused
from videos.services import uploads

# A file that is on its way when the time is over may still arrive.
_TIME_TO_ARRIVE = timedelta(hours=1)


def issue(team: Team, person: User) -> tuple[PhoneTicket, str]:
    """Make a ticket, and return it with its key, which nobody can find out again. Raises VideoRefused."""
    if not team.lets_upload(person):
        raise VideoRefused(Code.COACHES_UPLOAD)
    key = secrets.token_urlsafe(16)
    now = clock.now()
    ticket = PhoneTicket.objects.create(
        team=team,
        person=person,
        digest=ApiToken.digest_of(key),
        created=now,
        expires=now + timedelta(seconds=settings.PHONE_TICKET_SECONDS),
    )
    return ticket, key


def live(team: Team) -> QuerySet[PhoneTicket]:
    """Return the team's tickets that begin uploads now."""
    return PhoneTicket.objects.for_team(team).filter(expires__gt=clock.now()).select_related("person")


def seconds_left(ticket: PhoneTicket) -> int:
    """Return for how long new uploads may begin, 0 once that is over."""
    return max(0, int((ticket.expires - clock.now()).total_seconds()))


def find(key: str) -> PhoneTicket | None:
    """Return the ticket of that key, also while its last uploads arrive; None where it may do nothing."""
    digest = ApiToken.digest_of(key)
    after = clock.now() - _TIME_TO_ARRIVE
    found = PhoneTicket.objects.select_related("person", "team").filter(digest=digest, expires__gt=after).first()
    if found is None or not found.person.may_sign_in or not found.team.lets_upload(found.person):
        return None
    return found


def arriving(ticket: PhoneTicket) -> QuerySet[Video]:
    """Return what the phone has sent or is sending, the newest first: `arrived` of `announced` bytes of each."""
    of_phone = Video.objects.filter(uploads__ticket=ticket)
    are_wanted = Q(uploads__reason_code="")
    arrived, announced = (Sum(f"uploads__{field}", filter=are_wanted) for field in ("offset", "size"))
    return of_phone.annotate(arrived=arrived, announced=announced)


def end(ticket: PhoneTicket) -> None:
    """End a ticket, with what is still on its way by it."""
    for video in arriving(ticket):
        uploads.cancel(video)
    with suppress(PhoneTicket.DoesNotExist):
        ticket.delete()


def remove_old() -> None:
    """Remove the tickets that nothing can arrive by anymore."""
    for ticket in PhoneTicket.objects.filter(expires__lte=clock.now() - _TIME_TO_ARRIVE):
        end(ticket)
