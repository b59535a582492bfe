"""A coach adds, tries, changes and deletes webhooks, on the page and by a program."""

import pytest
from django.test import Client
from rest_framework.test import APIClient

from ftcml.accounts.models import Team, User
from ftcml.integrations import tasks
from ftcml.integrations.models import Delivery, Webhook
from ftcml.integrations.services import webhooks
from tests.integrations.receiver import Receiver

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_often_as_one_likes")]

API = "/api/v1/webhooks/"


def test_a_coach_adds_one_sees_its_secret_once_and_tries_it(coach_client: Client, receiver: Receiver) -> None:
    form = {"url": receiver.url, "events": ["job.ended"]}
    assert "whsec_" in coach_client.post("/webhooks/add/", form).content.decode()
    hook = Webhook.objects.get()
    page = coach_client.get("/webhooks/").content.decode()
    assert (f"127.0.0.1:{receiver.port}" in page, "whsec_" in page, "key=1" in page) == (True, False, False)
    assert coach_client.post(f"/webhooks/{hook.pk}/test/").status_code == 204
    tasks.deliver()
    assert len(receiver.heard) == 1
    assert "Delivered" in coach_client.get(f"/webhooks/{hook.pk}/").content.decode()

    assert "whsec_" in coach_client.post(f"/webhooks/{hook.pk}/secret/").content.decode()
    coach_client.post(f"/webhooks/{hook.pk}/switch/")
    assert "A coach turned it off" in coach_client.get("/webhooks/").content.decode()
    coach_client.post(f"/webhooks/{hook.pk}/switch/", {"on": "1"})
    assert coach_client.post(f"/webhooks/{hook.pk}/change/", {**form, "events": ["dataset.ready"]}).status_code == 204
    hook.refresh_from_db()
    assert (hook.is_on, hook.events) == (True, ["dataset.ready"])
    assert coach_client.post(f"/webhooks/{hook.pk}/delete/").status_code == 204
    assert not Webhook.objects.exists()


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://example.org/", "begins with https://"),
        ("http://127.0.0.1/", "begins with https://"),
        ("https://192.168.1.1/", "private network"),
        ("https://[::1]/", "private network"),
        ("https://me:secret@example.org/", "web address"),
        ("ftp://example.org/", "web address"),
        ("example.org", "web address"),
        ("https://example.org:0/", "web address"),
        (f"https://example.org/{'a' * 500}", ""),
    ],
)
def test_an_address_that_cannot_be_one_is_refused_at_once(
    url: str, sentence: str, coach_client: Client, coach_api: APIClient
) -> None:
    given = {"url": url, "events": ["job.ended"]}
    page = coach_client.post("/webhooks/add/", given)
    assert (page.status_code, sentence in page.content.decode()) == (422, True)
    answer = coach_api.post(API, given, format="json")
    assert (answer.status_code, sentence in answer.json()["detail"]) == (400, True)
    assert not Webhook.objects.exists()


def test_a_program_of_a_coach_does_the_same(coach_api: APIClient, receiver: Receiver) -> None:
    made = coach_api.post(API, {"url": receiver.url, "events": ["job.ended"]}, format="json").json()
    address = f"{API}{made['webhook']['id']}/"
    assert (made["secret"][:6], "secret" in coach_api.get(address).json()) == ("whsec_", False)
    assert coach_api.post(f"{address}test/").status_code == 202
    tasks.deliver()
    (told,) = coach_api.get(f"{address}deliveries/").json()["results"]
    assert (told["event"], told["state"], told["status"], told["next_try"]) == ("webhook.test", "delivered", 204, None)
    off = coach_api.patch(address, {"is_on": False}, format="json").json()
    assert (off["is_on"], off["why_off"], off["why_off_text"]) == (False, "by_coach", "A coach turned it off.")
    assert coach_api.patch(address, {"is_on": True, "events": ["dataset.ready"]}, format="json").json()["is_on"]
    assert coach_api.post(f"{address}secret/").json()["secret"] != made["secret"]
    assert coach_api.delete(address).status_code == 204


def test_a_team_has_a_few_each_with_an_address_of_its_own(coach: User, team: Team, monkeypatch) -> None:
    monkeypatch.setattr(webhooks, "MOST", 2)
    webhooks.add(team, coach, "https://example.org/1", ["job.ended"])
    with pytest.raises(webhooks.WebhookRefused, match="Change that one"):
        webhooks.add(team, coach, "https://example.org/1", ["job.ended"])
    second = webhooks.add(team, coach, "https://example.org/2", ["job.ended"])[0]
    with pytest.raises(webhooks.WebhookRefused, match="has 2 webhooks"):
        webhooks.add(team, coach, "https://example.org/3", ["job.ended"])
    with pytest.raises(webhooks.WebhookRefused, match="at least one event"):
        webhooks.change(second, second.url, ["webhook.test"])


def test_members_and_other_teams_see_none(
    member_client: Client, member_api: APIClient, outsider_api: APIClient, coach: User, team: Team
) -> None:
    hook = webhooks.add(team, coach, "https://example.org/", ["job.ended"])[0]
    assert member_client.get("/webhooks/").status_code == 403
    assert member_api.get(API).status_code == 403
    assert member_api.get(f"{API}{hook.pk}/").status_code == 403
    assert outsider_api.get(API).json() == []
    assert outsider_api.delete(f"{API}{hook.pk}/").status_code == 404
    assert outsider_api.get(f"{API}{hook.pk}/deliveries/").status_code == 404


def test_what_waits_is_dropped_with_the_switch(coach: User, team: Team) -> None:
    hook = webhooks.add(team, coach, "https://example.org/", ["job.ended"])[0]
    webhooks.test(hook)
    webhooks.switch(hook, False)
    assert Delivery.objects.get().state == "dropped"
