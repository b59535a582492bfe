"""Invitations, new passwords and addresses by mail: each link works once, and answers betray no account."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.core import mail
from django.core.cache import cache
from django.test import Client

from ftcml.accounts import tasks
from ftcml.accounts.models import ApiToken, JoinKey, Team, User, WaitingMail
from ftcml.accounts.services.mailing import waiting
from ftcml.core import clock
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

NEW = "blue robots climb"
ADDRESS = "carla@school.example"


@pytest.fixture(autouse=True)
def _a_server_that_sends_mail(settings) -> None:
    cache.clear()
    settings.MAIL_IS_SET, settings.SITE_ADDRESS = True, "https://ml.school.example"


@pytest.fixture
def with_address(coach: User) -> User:
    User.objects.filter(pk=coach.pk).update(email=ADDRESS)
    return coach


def key_of(page: str) -> str:
    """The key in the link to that page of the newest mail."""
    return re.search(rf"https://ml\.school\.example{page}#(\S+)", mail.outbox[-1].body)[1]


def ask_for_password(email: str, client: Client | None = None):
    answer = (client or Client()).post("/forgot-password/", {"email": email})
    tasks.send_mails()
    return answer


def set_password(key: str, password: str = NEW):
    return Client().post("/new-password/set/", {"key": key, "new_password1": password, "new_password2": password})


class Broken:
    """A mail server that answers nothing."""

    def __init__(self, *args, **kwargs) -> None: ...

    def send_messages(self, messages) -> int:
        raise OSError("no route")


def test_an_invited_coach_gets_a_link_and_an_account_with_the_address(coach_client: Client, team: Team) -> None:
    assert coach_client.post("/people/invite/", {"email": ADDRESS}).status_code == 204
    assert "The mail is on its way" in coach_client.get("/people/").content.decode()
    tasks.send_mails()
    tasks.send_mails()
    (letter,) = mail.outbox
    assert (letter.subject, letter.to) == ("Coach Team 7001 on ftcml", [ADDRESS])
    assert "carla invites you to coach Team 7001, Robo Raccoons" in letter.body
    form = {"key": key_of("/join/"), "name": "Carl", "password1": NEW, "password2": NEW}
    new = Client()
    assert new.post("/join/account/", form).status_code == 302
    assert (get_user(new).email, team.is_coached_by(get_user(new))) == (ADDRESS, True)
    assert not JoinKey.objects.filter(digest=None).exists()


def test_a_mail_server_that_fails_is_tried_again_and_then_the_coach_hears(coach_client: Client, settings) -> None:
    settings.EMAIL_BACKEND = "tests.accounts.test_mails.Broken"
    coach_client.post("/people/invite/", {"email": ADDRESS})
    for _ in range(WaitingMail.MOST_TRIES):
        tasks.send_mails()
        WaitingMail.objects.update(next_try=clock.now())
    assert JoinKey.objects.get().digest is None, "no key may be under way that nobody knows of"
    assert "The mail couldn't be sent" in coach_client.get("/people/").content.decode()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    tasks.send_mails()
    assert mail.outbox == []


def test_a_new_password_by_mail_works_once_and_ends_sessions_and_tokens(
    with_address: User, coach_client: Client
) -> None:
    ApiToken.issue(with_address.memberships.get())
    ask_for_password(ADDRESS.upper())
    key = key_of("/new-password/")
    assert "Choose a new password" in Client().post("/new-password/", {"key": key}).content.decode()
    assert "common" in set_password(key, "password123").content.decode()
    assert set_password(key).url == "/sign-in/"
    assert Client().login(username="carla", password=NEW)
    assert coach_client.get("/people/").status_code == 302
    assert not ApiToken.objects.exists()
    assert "doesn't work any more" in set_password(key, "other robots climb").content.decode()
    assert Client().login(username="carla", password=NEW)


def test_the_answer_is_the_same_whether_an_account_has_the_address(with_address: User, member: User) -> None:
    User.objects.filter(pk=member.pk).update(email="milo@school.example")
    answers = {
        re.sub(r"\b\w{64}\b|" + email, "", ask_for_password(email).content.decode())
        for email in (ADDRESS, "nobody@school.example", "milo@school.example")
    }
    assert len(answers) == 1
    assert [letter.to for letter in mail.outbox] == [[ADDRESS]], "students ask their coach"


def test_no_mailbox_can_be_filled_from_here(with_address: User, monkeypatch) -> None:
    for number in range(6):
        assert ask_for_password(ADDRESS, Client(REMOTE_ADDR=f"192.168.1.{number}")).status_code == 200
    assert len(mail.outbox) == waiting.MOST_AN_HOUR
    one = Client(REMOTE_ADDR="192.168.2.1")
    answers = [one.post("/forgot-password/", {"email": f"x{number}@school.example"}) for number in range(21)]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    WaitingMail.objects.update(created=clock.now() - timedelta(hours=2))
    tasks.tidy()
    assert not WaitingMail.objects.exists()


@pytest.mark.parametrize("key", ["", "x", "MQ.c1-x", "9" * 900, "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5.x", "\x00"])
def test_a_key_that_is_none_opens_nothing(key: str, with_address: User) -> None:
    assert "work any more" in Client().post("/new-password/", {"key": key}).content.decode()
    assert "work any more" in Client().post("/password/address/confirm/", {"key": key}).content.decode()


def test_an_old_key_opens_nothing(with_address: User, settings) -> None:
    ask_for_password(ADDRESS)
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert "work any more" in set_password(key_of("/new-password/")).content.decode()


def test_a_coach_keeps_an_address_once_its_link_was_opened(coach_client: Client, coach: User) -> None:
    def ask(password: str) -> str:
        form = {"email": ADDRESS, "password": password}
        return coach_client.post("/password/address/", form).content.decode()

    assert "That isn&#x27;t your password" in ask("wrong")
    assert f"on its way to {ADDRESS}" in ask(PASSWORD)
    tasks.send_mails()
    coach.refresh_from_db()
    assert coach.email == ""
    key = key_of("/password/address/confirm/")
    assert Client().post("/password/address/confirm/", {"key": key}).url == "/sign-in/"
    coach.refresh_from_db()
    assert coach.email == ADDRESS
    coach_client.post("/password/address/remove/")
    coach.refresh_from_db()
    assert coach.email == ""


def test_a_link_of_before_sets_no_address_again(coach_client: Client, coach: User) -> None:
    coach_client.post("/password/address/", {"email": ADDRESS, "password": PASSWORD})
    tasks.send_mails()
    User.objects.filter(pk=coach.pk).update(email="new@school.example")
    answer = Client().post("/password/address/confirm/", {"key": key_of("/password/address/confirm/")})
    assert "work any more" in answer.content.decode()


def test_students_have_no_address(member_client: Client, coach: User, team: Team, coach_client: Client) -> None:
    page = member_client.post("/password/address/", {"email": ADDRESS, "password": PASSWORD}).content.decode()
    assert "Only coaches and operators have an address" in page
    assert not WaitingMail.objects.exists()


def test_a_coach_who_becomes_a_member_loses_the_address(with_address: User, outsider: User, team: Team) -> None:
    team.memberships.create(user=outsider, role="coach")
    client = Client()
    client.force_login(outsider)
    outsider.active_team = team
    outsider.save()
    client.post(f"/people/{with_address.memberships.get().pk}/role/", {"role": "member"})
    with_address.refresh_from_db()
    assert with_address.email == ""


def test_a_server_without_mail_says_who_gives_a_new_password(settings, coach_client: Client) -> None:
    settings.MAIL_IS_SET = False
    page = ask_for_password(ADDRESS).content.decode()
    assert "ask your coach" in page
    assert "Send Link" not in page
    assert "/join/#" in coach_client.post("/people/invite/", {"email": ADDRESS}).content.decode(), "the link itself"
    assert not WaitingMail.objects.exists()
