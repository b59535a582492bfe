"""A code from a phone after the password: turned on, asked for everywhere, and turned off."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.core.management import call_command
from django.test import Client

from ftcml.accounts.models import User
from ftcml.accounts.pages.page_owner import HEADER, PageOwner
from ftcml.core import clock
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


class Phone:
    """An authenticator app, whose clock a test turns on."""

    def __init__(self, secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.secret, self.counter = secret, 1000
        monkeypatch.setattr(auth.time, "time", lambda: self.counter * 30)

    def code(self) -> str:
        """The next half minute's."""
        self.counter += 1
        return auth.format_hotp_value(auth.hotp_value(self.secret, self.counter))


@pytest.fixture
def turned_on(coach: User, coach_client: Client, monkeypatch) -> tuple[Phone, list[str]]:
    """The coach's phone and recovery codes, set up on the page."""
    secret = coach_client.get("/two-step/").context["secret"]
    phone = Phone(secret, monkeypatch)
    wrong = coach_client.post("/two-step/", {"code": "000000", "password": PASSWORD})
    assert "isn&#x27;t right" in wrong.content.decode()
    code = phone.code()
    assert (
        "isn&#x27;t your password" in coach_client.post("/two-step/", {"code": code, "password": "x"}).content.decode()
    )
    answer = coach_client.post("/two-step/", {"code": code, "password": PASSWORD})
    return phone, answer.context["codes"]


def give_password(after: str = "/people/", **headers: str) -> Client:
    client = Client(headers=headers)
    client.answer = client.post("/sign-in/", {"username": "carla", "password": PASSWORD, "next": after})
    return client


def give_code(client: Client, code: str) -> int:
    return client.post("/sign-in/code/", {"code": code}).status_code


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_password_alone_opens_nothing(turned_on: tuple[Phone, list[str]]) -> None:
    phone, _ = turned_on
    client = give_password()
    assert client.answer["Location"] == "/sign-in/code/"
    assert not is_signed_in(client)
    assert give_code(client, "000000") == 200
    assert not is_signed_in(client)
    answer = client.post("/sign-in/code/", {"code": (code := phone.code())})
    assert answer["Location"] == "/people/"
    assert is_signed_in(client)
    again = give_password()
    assert give_code(again, code) == 200, "a code counts once"
    assert not is_signed_in(again)


def test_a_recovery_code_counts_once(turned_on: tuple[Phone, list[str]]) -> None:
    _, recovery = turned_on
    assert len(recovery) == 10
    for client, is_in in ((give_password(), True), (give_password(), False)):
        give_code(client, f"{recovery[0][:4]} {recovery[0][4:]}")
        assert is_signed_in(client) == is_in


def test_codes_cannot_be_guessed(turned_on: tuple[Phone, list[str]]) -> None:
    phone, _ = turned_on
    client = give_password()
    for _ in range(5):
        give_code(client, "000000")
    assert give_code(client, phone.code()) == 302
    assert not is_signed_in(client), "the password is asked for again"
    other = give_password()
    for _ in range(4):
        give_code(other, "000000")
    third = give_password()
    give_code(third, "000000")
    assert "Too many wrong" in third.post("/sign-in/code/", {"code": phone.code()}).content.decode()
    assert not is_signed_in(third)


def test_who_is_halfway_for_long_or_has_a_new_password_starts_again(
    turned_on: tuple[Phone, list[str]], coach: User, monkeypatch
) -> None:
    phone, _ = turned_on
    client = give_password()
    coach.set_password("another correct horse")
    coach.save()
    assert client.post("/sign-in/code/", {"code": phone.code()})["Location"] == "/sign-in/"
    coach.set_password(PASSWORD)
    coach.save()
    late = give_password()
    later = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert late.post("/sign-in/code/", {"code": phone.code()})["Location"] == "/sign-in/"
    assert not is_signed_in(client)
    assert not is_signed_in(late)


def test_the_dialog_of_an_open_page_asks_too(turned_on: tuple[Phone, list[str]], coach: User, member: User) -> None:
    phone, _ = turned_on
    team = coach.memberships.get().team_id
    headers = {"HX-Request": "true", HEADER: str(PageOwner(coach.pk, team))}
    client = give_password(**headers)
    assert "Enter your code" in client.answer.content.decode()
    other = {HEADER: str(PageOwner(member.pk, team))}
    assert client.post("/sign-in/code/", {"code": "000000"}, headers=other).status_code == 403
    answer = client.post("/sign-in/code/", {"code": phone.code()})
    assert (answer.status_code, answer["HX-Trigger"]) == (204, "signed-in")


def test_a_program_gets_no_token_by_the_password(turned_on: tuple[Phone, list[str]]) -> None:
    answer = Client().post("/api/v1/token/", {"username": "carla", "password": PASSWORD})
    assert answer.status_code == 400
    assert "sign in with a code" in answer.json()["detail"]


def test_the_stolen_database_has_no_secret(turned_on: tuple[Phone, list[str]], coach: User, settings) -> None:
    phone, recovery = turned_on
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert phone.secret not in stored
    assert not [code for code in recovery if code in stored]
    settings.SECRET_KEY = "another one, as long as a secret key must be at least"
    client = give_password()
    assert give_code(client, phone.code()) == 200
    assert not is_signed_in(client)


def test_new_recovery_codes_replace_the_old_ones(turned_on: tuple[Phone, list[str]], coach_client: Client) -> None:
    phone, recovery = turned_on
    answer = coach_client.post("/two-step/", {"code": phone.code(), "what": "recovery"})
    assert not set(answer.context["codes"]) & set(recovery)
    assert coach_client.post("/two-step/", {"code": recovery[0], "what": "off"}).status_code == 200
    assert coach_client.post("/two-step/", {"code": phone.code(), "what": "off"}).status_code == 302
    assert is_signed_in(give_password())


def test_an_operator_ends_it_for_who_lost_everything(turned_on: tuple[Phone, list[str]]) -> None:
    call_command("end_two_step", "carla")
    assert is_signed_in(give_password())


def test_operators_may_be_made_to_use_it(operator: User, operator_client: Client, monkeypatch, settings) -> None:
    assert operator_client.get("/console/").status_code != 302 or "two-step" not in operator_client.get("/console/").url
    settings.TWO_STEP_OPERATORS = True
    for address in ("/console/", "/admin/"):
        assert operator_client.get(address)["Location"] == "/two-step/"
    phone = Phone(operator_client.get("/two-step/").context["secret"], monkeypatch)
    operator_client.post("/two-step/", {"code": phone.code(), "password": PASSWORD})
    assert operator_client.get("/admin/").status_code == 200


def test_students_are_not_offered_it(member_client: Client) -> None:
    assert "for coaches and operators" in member_client.get("/two-step/").content.decode()
