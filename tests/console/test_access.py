"""The console's pages for operators. Who else may not open them: tests/requests/test_access_matrix.py."""

import uuid

import pytest
from django.test import Client

from ftcml.console.pages import tabs
from tests.factories import UserFactory


@pytest.mark.parametrize("tab", tabs.TABS)
def test_an_operator_without_a_team_reads_every_tab(tab: str, operator_client: Client) -> None:
    assert operator_client.get(f"/console/{tab}/").status_code == 200
    assert operator_client.get(f"/console/{tab}/part/").status_code == 200


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
