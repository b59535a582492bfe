"""The switches: training on and off, and the maintenance page, who meets it and who does not."""

import pytest
from django.contrib.auth import get_user
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from ftcml.console.models import MaintenancePage, OperatorAction
from tests.factories import PASSWORD
from training import messages
from training.services import capacity

SENTENCE = "New disks until noon."


@pytest.fixture
def maintenance(db) -> None:
    MaintenancePage.objects.create(pk=1, is_on=True, sentence=SENTENCE)


def _log() -> list[tuple[str, str, str]]:
    return list(OperatorAction.objects.order_by("id").values_list("operator", "kind", "details"))


def test_training_is_switched_off_with_a_reason_and_on_again(operator_client: Client, training_worker) -> None:
    off = operator_client.post("/console/switches/training-off/", {"words": "  the hall\nis closed "})
    assert off.status_code == 204
    said = messages.words(capacity.refusal())
    assert said.startswith("Training is switched off on this server (the hall is closed).")
    assert operator_client.post("/console/switches/training-on/").status_code == 204
    assert messages.words(capacity.refusal()) == ""
    assert _log() == [("olga", "training-off", "the hall is closed"), ("olga", "training-on", "")]


@pytest.mark.parametrize(
    ("address", "words", "sentence"),
    [
        ("/console/switches/training-off/", "x" * 201, "Shorten this to 200 characters. It has 201."),
        ("/console/switches/maintenance-on/", "x" * 201, "Shorten this to 200 characters. It has 201."),
        ("/console/switches/maintenance-on/", " ", "Type a message that tells the teams what is going on."),
    ],
)
def test_words_that_do_not_do_are_refused(address: str, words: str, sentence: str, operator_client: Client) -> None:
    answer = operator_client.post(address, {"words": words})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert _log() == []


def test_the_maintenance_page_is_put_up_and_taken_down(operator_client: Client, member_client: Client) -> None:
    assert operator_client.post("/console/switches/maintenance-on/", {"words": SENTENCE}).status_code == 204
    assert member_client.get("/models/").status_code == 503
    assert operator_client.post("/console/switches/maintenance-off/").status_code == 204
    assert member_client.get("/models/").status_code == 200
    assert _log() == [("olga", "maintenance-on", SENTENCE), ("olga", "maintenance-off", "")]
    assert SENTENCE in operator_client.get("/console/switches/maintenance-on/").content.decode()


@pytest.mark.parametrize("address", ["/", "/datasets/", "/models/", "/help/", "/nothing/"])
def test_a_page_is_the_operators_sentence(address: str, maintenance, member_client: Client) -> None:
    answer = member_client.get(address)
    assert answer.status_code == 503
    assert SENTENCE in answer.content.decode()


def test_a_part_of_a_page_answers_with_a_notice_alone(maintenance, member_client: Client) -> None:
    answer = member_client.get("/models/table/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["X-Notice"]) == (503, "1")
    assert answer.content.decode().startswith('<div class="notice')
    assert SENTENCE in answer.content.decode()


def test_the_api_answers_with_its_own_kind_of_error(maintenance, member_api: APIClient) -> None:
    answer = member_api.get("/api/v1/training-jobs/")
    assert (answer.status_code, answer.json()) == (503, {"detail": SENTENCE})


def test_a_training_is_not_started_meanwhile(maintenance, member_api: APIClient) -> None:
    assert member_api.post("/api/v1/training-jobs/", {}).status_code == 503


def test_operators_work_on(maintenance, operator_client: Client, member, member_client: Client) -> None:
    assert operator_client.get("/console/").status_code == 200
    member.is_staff = True
    member.save()
    assert member_client.get("/models/").status_code == 200


def test_operators_can_get_in(maintenance, client: Client, operator) -> None:
    assert client.get("/console/").url == "/sign-in/?next=/console/"
    assert client.get("/admin/").status_code == 302
    assert client.get("/static/css/palette.css").status_code == 200
    assert client.get("/sign-in/").status_code == 200
    client.post("/sign-in/?next=/console/", {"username": "olga", "password": PASSWORD})
    assert get_user(client) == operator


@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/metrics"])
def test_who_asks_whether_the_server_lives_is_not_told_of_maintenance(address: str, maintenance, client) -> None:
    assert SENTENCE not in client.get(address).content.decode()


def test_it_costs_a_page_one_query(member_client: Client, maintenance) -> None:
    MaintenancePage.objects.update(is_on=False)
    with CaptureQueriesContext(connection) as queries:
        member_client.get("/help/")
    assert sum("console_maintenancepage" in query["sql"] for query in queries) == 1
