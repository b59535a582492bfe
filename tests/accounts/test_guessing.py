"""Guessing passwords is slow, and costs nobody else anything."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from ftcml.accounts import tasks
from ftcml.accounts.models import SignInFailure, User
from ftcml.accounts.services import guessing, hashing
from ftcml.core import busy, messages
from tests import clocks
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

FULL_WIDTH = str.maketrans("milo", "ｍｉｌｏ")


@pytest.fixture(autouse=True)
def _a_slow_machine_tests_too(settings) -> None:
    """Where some hundred requests take a minute, no failure is forgotten meanwhile."""
    settings.SIGN_IN_RATE, settings.SIGN_IN_ADDRESS_RATE = "10/hour", "120/hour"


def sign_in(name: str, password: str = "guess", address: str = "192.168.1.20"):
    return Client(REMOTE_ADDR=address).post("/sign-in/", {"username": name, "password": password})


def ask_for_token(name: str, password: str = "guess"):
    body = {"username": name, "password": password}
    return Client(REMOTE_ADDR="192.168.1.20").post("/api/v1/token/", body, content_type="application/json")


def statuses(answers) -> list[int]:
    return [answer.status_code for answer in answers]


@pytest.mark.parametrize(
    "same",
    [" milo ", "MILO", "milo".translate(FULL_WIDTH), "milo\u3000"],
    ids=["spaces", "capitals", "wide", "wide space"],
)
def test_a_name_in_other_letters_is_the_same_name(member: User, same: str) -> None:
    assert statuses(sign_in(member.username) for _ in range(10)) == [200] * 10
    assert sign_in(same).status_code == 429
    assert ask_for_token(same).status_code == 429


def test_the_page_and_the_api_count_together_and_both_read_the_name_alike(member: User) -> None:
    for _ in range(5):
        sign_in(member.username)
        ask_for_token(member.username)
    assert ask_for_token(member.username).headers["Retry-After"].isdecimal()
    assert sign_in(member.username).status_code == 429
    SignInFailure.objects.all().delete()
    assert ask_for_token(member.username.translate(FULL_WIDTH), PASSWORD).status_code == 200


def test_requests_without_a_password_make_nothing_forgotten(member: User) -> None:
    for _ in range(10):
        sign_in(member.username)
    for number in range(301):
        sign_in(f"other{number}", "")
        cache.set(f"other{number}", number)
    assert sign_in(member.username).status_code == 429


def test_right_passwords_cost_no_try(member: User) -> None:
    assert statuses(sign_in(member.username, PASSWORD) for _ in range(12)) == [302] * 12
    assert not SignInFailure.objects.exists()


def test_one_address_cannot_try_names_without_end(settings) -> None:
    settings.SIGN_IN_ADDRESS_RATE = "20/hour"
    assert statuses(sign_in(f"name{number}") for number in range(21)) == [200] * 20 + [429]
    assert sign_in("name", address="192.168.1.21").status_code == 200


def test_a_class_that_mistypes_behind_one_address_is_served() -> None:
    students = UserFactory.create_batch(30)
    for _ in range(3):
        assert set(statuses(sign_in(student.username) for student in students)) == {200}
    assert set(statuses(sign_in(student.username, PASSWORD) for student in students)) == {302}


@pytest.mark.parametrize(
    ("address", "other", "is_one"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::2", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.7", "192.0.2.7", True),
        ("192.0.2.7", "192.0.2.8", False),
    ],
)
def test_the_machines_of_one_ipv6_network_count_as_one(address: str, other: str, is_one: bool) -> None:
    assert (guessing.network_of(address) == guessing.network_of(other)) == is_one


def test_later_one_may_try_again(member: User) -> None:
    for _ in range(10):
        sign_in(member.username)
    SignInFailure.objects.update(created=timezone.now() - timezone.timedelta(minutes=61))
    assert sign_in(member.username, PASSWORD).status_code == 302


def test_a_clock_that_is_set_back_locks_nobody_out(member: User) -> None:
    for _ in range(10):
        sign_in(member.username)
    SignInFailure.objects.update(created=timezone.now() + timezone.timedelta(hours=1))
    assert sign_in(member.username, PASSWORD).status_code == 302


def test_what_no_rate_asks_about_any_more_is_tidied_away(member: User) -> None:
    sign_in(member.username)
    SignInFailure.objects.update(created=timezone.now() - timezone.timedelta(days=3))
    sign_in(member.username)
    tasks.tidy()
    assert SignInFailure.objects.count() == 1


@pytest.mark.both_databases
@pytest.mark.parametrize("days", [-3, 3], ids=["behind", "ahead"])
def test_a_machine_with_a_wrong_clock_counts_with_the_others(member: User, monkeypatch, days: int) -> None:
    with monkeypatch.context() as machine:
        clocks.set_wrong(machine, timedelta(days=days))
        assert statuses(sign_in(member.username) for _ in range(10)) == [200] * 10
        assert sign_in(member.username).status_code == 429
        tasks.tidy()
    assert sign_in(member.username).status_code == 429


def test_an_unknown_name_costs_a_hash_as_a_known_one_does(settings, monkeypatch, member: User) -> None:
    settings.PASSWORD_HASHERS = ["tests.accounts.test_guessing.Counting"]
    member.set_password(PASSWORD)
    member.save()
    for name in (member.username, "no-such-name"):
        Counting.hashed = 0
        sign_in(name)
        assert Counting.hashed == 1


class Counting(hashing.FewAtATime):
    iterations = 10
    hashed = 0

    def encode(self, *args, **kwargs) -> str:
        Counting.hashed += 1
        return super().encode(*args, **kwargs)


def test_two_at_a_time_hash_and_who_finds_no_place_is_told_to_come_back() -> None:
    slots = hashing.Slots(at_once=2, waiting=1, seconds=30)
    inside, leave = threading.Semaphore(0), threading.Event()

    def hash_something() -> None:
        with slots.slot(), slots.slot():  # the hasher of a sign-in takes no second place
            inside.release()
            leave.wait()

    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(hash_something) for _ in range(2)]
        for _ in waiting:
            inside.acquire()
        third = pool.submit(hash_something)
        while slots._queue._value:
            threading.Event().wait(0.001)
        with pytest.raises(busy.Busy), slots.slot():
            pass
        assert not inside.acquire(blocking=False)
        leave.set()
        third.result()
    with slots.slot():
        pass


def test_a_busy_server_says_so_on_every_page_that_hashes(settings, monkeypatch, member: User) -> None:
    settings.PASSWORD_HASHERS = ["ftcml.accounts.services.hashing.FewAtATime"]
    monkeypatch.setattr(hashing.slots, "_queue", threading.BoundedSemaphore(1))
    signed_in = Client()
    signed_in.force_login(member)
    with hashing.slots._queue:
        form = {"old_password": PASSWORD, "new_password1": "blue robots climb", "new_password2": "blue robots climb"}
        for answer in (sign_in(member.username), ask_for_token(member.username), signed_in.post("/password/", form)):
            assert answer.status_code == 503
            assert messages.BUSY in answer.content.decode()


def test_the_admin_has_no_place_of_its_own_to_try_passwords(operator_client: Client, operator: User) -> None:
    form = {"username": operator.username, "password": "guess", "old_password": "guess"}
    assert operator_client.post("/admin/login/", form).url == "/admin/"
    assert operator_client.post("/admin/password_change/", form).url == "/password/"
