"""Who may open the console: to a coach it does not exist, and who is not signed in is asked to."""

import uuid

import pytest
from django.test import Client
from django.urls import get_resolver

from ftcml.accounts.models import User
from ftcml.console import urls as console_urls
from ftcml.console import views
from ftcml.console.models import OperatorAction
from tests.factories import TrainingJobFactory, UserFactory
from training.states import JobState

PART = {"HX-Request": "true"}
PAGES = [f"/console/{tab}/" for tab in views.TABS]
PARTS = [f"{page}part/" for page in PAGES]
OF_A_JOB = ["/console/jobs/{job}/", "/console/jobs/{job}/part/"]
DIALOGS = [
    "/console/jobs/{job}/stop/",
    "/console/minutes/grant/all/",
    "/console/minutes/grant/{team}/",
    "/console/minutes/reset/all/",
    "/console/minutes/reset/{team}/",
    "/console/switches/training-off/",
    "/console/switches/maintenance-on/",
]
CLICKS = [
    "/console/jobs/{job}/retry/",
    "/console/switches/training-on/",
    "/console/switches/maintenance-off/",
    "/console/storage/measure/",
]
READ = ["/console/", *PAGES, *PARTS, *OF_A_JOB, *DIALOGS]
WRITE = [*DIALOGS, *CLICKS]


@pytest.fixture
def ids(team) -> dict[str, object]:
    return {"team": team.pk, "job": TrainingJobFactory(team=team, state=JobState.TRY_AGAIN_LATER).pk}


def test_every_address_is_tried_here() -> None:
    tried = {get_resolver().resolve(address.format(team=1, job=uuid.uuid4())).url_name for address in [*READ, *WRITE]}
    assert tried == {pattern.name for pattern in console_urls.urlpatterns}


@pytest.mark.parametrize("address", READ)
def test_an_operator_without_a_team_reads_everything(address: str, ids: dict, operator_client: Client) -> None:
    assert operator_client.get(address.format(**ids)).status_code == 200


@pytest.mark.parametrize("address", [*READ, *CLICKS])
def test_to_a_coach_there_is_no_console(address: str, ids: dict, coach_client: Client) -> None:
    for ask in (coach_client.get, coach_client.post):
        assert ask(address.format(**ids)).status_code == 404
        assert ask(address.format(**ids), headers=PART).status_code == 404
    assert not OperatorAction.objects.exists()


@pytest.mark.parametrize("address", [*READ, *CLICKS])
def test_who_is_not_signed_in_is_asked_to(address: str, ids: dict, client: Client) -> None:
    for answer in (client.get(address.format(**ids)), client.post(address.format(**ids))):
        assert answer.status_code == 302
        assert answer.url.startswith("/sign-in/?next=/console/")
    assert client.get(address.format(**ids), headers=PART).status_code == 401
    assert not OperatorAction.objects.exists()


@pytest.mark.parametrize("address", WRITE)
def test_an_action_needs_the_sessions_own_form(address: str, ids: dict, operator: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(operator)
    assert client.post(address.format(**ids), {"minutes": 1, "words": "x"}).status_code == 403
    assert not OperatorAction.objects.exists()


def test_what_is_not_there_is_not_found(operator_client: Client) -> None:
    for address in ("/console/nothing/", f"/console/jobs/{uuid.uuid4()}/", "/console/minutes/grant/999/"):
        assert operator_client.get(address).status_code == 404


def test_a_superuser_is_an_operator_and_nobody_is_when_the_account_is_closed(db) -> None:
    assert UserFactory(is_superuser=True).is_operator
    assert not UserFactory(is_staff=True, is_active=False).is_operator


def test_an_operator_in_no_team_begins_at_the_console(operator_client: Client) -> None:
    assert operator_client.get("/", follow=True).redirect_chain[-1] == ("/console/", 302)


def test_the_header_leads_operators_there_and_nobody_else(operator_client: Client, coach_client: Client) -> None:
    link = 'href="/console/"'
    assert link in operator_client.get("/console/").content.decode()
    assert link not in coach_client.get("/models/").content.decode()
