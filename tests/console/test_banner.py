"""The operator's banner: on every page, as text, until it ends or the reader hides it; at the cost of no query."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ftcml.accounts.models import User
from ftcml.console.models import MaintenancePage, OperatorAction

pytestmark = pytest.mark.django_db

SENTENCE = "New <b>disks</b> on Monday."
ESCAPED = "New &lt;b&gt;disks&lt;/b&gt; on Monday."


@pytest.fixture
def shown(operator_client: Client) -> None:
    assert operator_client.post("/console/switches/banner-on/", {"words": SENTENCE, "lasts": "24"}).status_code == 204


def has_banner(client: Client, address: str) -> bool:
    return ESCAPED in client.get(address).content.decode()


def test_everyone_sees_it_on_every_page_until_the_operator_hides_it(
    shown, operator_client: Client, member_client: Client
) -> None:
    assert all(has_banner(member_client, address) for address in ("/models/", "/help/", "/nothing/"))
    assert has_banner(Client(), "/sign-in/")
    assert has_banner(operator_client, "/console/")
    assert not has_banner(member_client, "/models/table/"), "a part of a page"
    operator_client.post("/console/switches/banner-off/")
    assert not has_banner(member_client, "/help/")
    assert list(OperatorAction.objects.order_by("pk").values_list("kind", "details")) == [
        ("banner-on", SENTENCE),
        ("banner-off", ""),
    ]


def test_it_ends(shown, member_client: Client) -> None:
    MaintenancePage.objects.update(banner_ends=timezone.now() - timedelta(seconds=1))
    assert not has_banner(member_client, "/help/")


def test_who_hid_it_sees_the_next_one_and_others_still_see_it(
    shown, operator_client: Client, member_client: Client, member: User, coach: User
) -> None:
    member_client.cookies["hidden_banner"] = f"1-{member.pk}"
    assert not has_banner(member_client, "/help/")
    member_client.force_login(coach)  # at the same computer
    assert has_banner(member_client, "/help/")
    member_client.force_login(member)
    operator_client.post("/console/switches/banner-on/", {"words": SENTENCE, "lasts": "1"})
    assert has_banner(member_client, "/help/")


def test_it_costs_no_query(operator_client: Client, member_client: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            member_client.get("/help/")
        return len(captured)

    before = queries()
    operator_client.post("/console/switches/banner-on/", {"words": SENTENCE, "lasts": "24"})
    assert queries() == before


@pytest.mark.parametrize(("words", "why"), [(" ", "Type a message"), ("x" * 201, "Shorten this to 200")])
def test_words_that_do_not_do_are_refused(words: str, why: str, operator_client: Client) -> None:
    answer = operator_client.post("/console/switches/banner-on/", {"words": words, "lasts": "24"})
    assert (answer.status_code, why in answer.content.decode()) == (422, True)
    assert not MaintenancePage.now().shows_banner
