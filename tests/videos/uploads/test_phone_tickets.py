"""What a ticket opens, for how long, and who ends it."""

from datetime import timedelta

import pytest
from django.test import Client

from ftcml.accounts.models import Membership, Team
from ftcml.core import clock
from tests.factories import MembershipFactory
from tests.videos.uploads.sending import JPEG, MP4, PHONE, ask, begun, create, send
from videos.models import PhoneTicket, Upload, Video
from videos.services.receiving import phone_tickets

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(team: Team, member) -> str:
    return phone_tickets.issue(team, member)[1]


@pytest.fixture
def phone(key: str) -> Client:
    """A phone that nobody has signed in on. As in a browser, nothing but its header says who it is."""
    return Client(headers={"X-Phone-Ticket": key}, enforce_csrf_checks=True)


def test_a_ticket_uploads_for_its_person_and_opens_nothing_else(phone: Client, key: str, member, team) -> None:
    assert phone.get("/phone/ticket/").json() == {"team": "Team 7001", "seconds": pytest.approx(900, abs=5)}
    address = begun(phone, MP4, PHONE)
    assert address.startswith("/phone/uploads/")
    send(phone, address, MP4)
    video = Video.objects.get()
    assert (video.created_by, video.team, video.state) == (member, team, "EXTRACTING")
    assert phone.get("/videos/").status_code == 302
    assert create(phone, 9).status_code == 403
    assert phone.get("/api/v1/videos/uploads/").status_code == 401
    assert key not in str(PhoneTicket.objects.values())


def test_a_phone_goes_on_with_its_own_uploads_alone(phone: Client, member_client: Client, team, member) -> None:
    of_laptop = begun(member_client, MP4).replace("/videos/", "/phone/")
    assert ask(phone, of_laptop).status_code == 404
    other = Client(headers={"X-Phone-Ticket": phone_tickets.issue(team, member)[1]})
    assert ask(other, begun(phone, MP4, PHONE)).status_code == 404


def test_a_file_on_its_way_arrives_after_the_time_is_over_and_nothing_else_begins(phone: Client) -> None:
    address = begun(phone, MP4, PHONE)
    PhoneTicket.objects.update(expires=clock.now())
    refused = create(phone, 9, PHONE)
    assert (refused.status_code, "Scan the new one" in refused.content.decode()) == (403, True)
    assert send(phone, address, MP4).status_code == 204
    PhoneTicket.objects.update(expires=clock.now() - timedelta(hours=2))
    assert phone.get("/phone/ticket/").status_code == 403
    phone_tickets.remove_old()
    assert not PhoneTicket.objects.exists()
    assert Video.objects.get().state == "EXTRACTING"


def test_pictures_that_are_on_their_way_together_arrive_after_the_time_is_over(phone: Client) -> None:
    pictures = {"kind": "pictures", "set": "s", "files": "2"}
    send(phone, begun(phone, JPEG, PHONE, filename="a.jpg", file="a", **pictures), JPEG)
    PhoneTicket.objects.update(expires=clock.now())
    send(phone, begun(phone, JPEG, PHONE, filename="b.jpg", file="b", **pictures), JPEG)
    assert Video.objects.get().state == "EXTRACTING"
    assert create(phone, 9, PHONE, set="t").status_code == 403


def test_a_phone_goes_on_with_its_file_by_another_ticket(phone: Client, team: Team, member) -> None:
    same = {"filename": "robot.mp4", "set": "s", "file": "robot.mp4 1"}
    address = begun(phone, MP4, PHONE, **same)
    send(phone, address, MP4[:5000])
    again = Client(headers={"X-Phone-Ticket": phone_tickets.issue(team, member)[1]})
    assert ask(again, address).status_code == 404
    assert begun(again, MP4, PHONE, **same) == address
    assert ask(again, address)["Upload-Offset"] == "5000"
    PhoneTicket.objects.earliest("pk").delete()
    send(again, address, MP4[5000:], 5000)
    assert Video.objects.get().state == "EXTRACTING"


@pytest.mark.parametrize("how", ["left", "closed", "coaches"])
def test_a_ticket_ends_with_the_rights_of_its_person(phone: Client, member, team, how: str) -> None:
    if how == "left":
        Membership.objects.filter(user=member).delete()
    elif how == "closed":
        type(member).objects.filter(pk=member.pk).update(is_active=False)
    else:
        Team.objects.filter(pk=team.pk).update(members_upload=False)
    assert create(phone, 9, PHONE).status_code == 403


def test_a_ticket_that_is_ended_takes_what_is_on_its_way_along(
    phone: Client, member_client: Client, coach_client: Client, outsider_client: Client, team, stored_files
) -> None:
    address = begun(phone, MP4, PHONE)
    send(phone, address, MP4[:5000])
    ticket = PhoneTicket.objects.get()
    mate = Client()
    mate.force_login(MembershipFactory(team=team).user)
    assert mate.post(f"/videos/phone/{ticket.pk}/end/").status_code == 404
    assert mate.post(f"/videos/phone/{ticket.pk}/revoke/").status_code == 403
    assert outsider_client.post(f"/videos/phone/{ticket.pk}/revoke/").status_code == 404
    assert "milo" in coach_client.get("/videos/upload/").content.decode()
    assert coach_client.post(f"/videos/phone/{ticket.pk}/revoke/").status_code == 200
    assert not Upload.objects.exists()
    assert stored_files() == []
    assert send(phone, address, MP4[5000:9000], 5000).status_code == 403


def test_the_key_is_shown_once(member_client: Client, settings) -> None:
    settings.ROOM_ADDRESSES = ["http://10.0.0.5:8000"]
    shown = member_client.post("/videos/phone/").content.decode()
    assert "http://10.0.0.5:8000/phone/#" in shown
    part = member_client.get(f"/videos/phone/{PhoneTicket.objects.get().pk}/").content.decode()
    assert "works for 15 minutes" in part
    assert "/phone/#" not in part
