"""Minutes for one team or for all: granted and reset by an operator, exact in the ledger, and written down."""

import uuid

import pytest
from django.test import Client

from ftcml.accounts.models import LedgerEntry, Team
from ftcml.accounts.services import ledger
from ftcml.console.models import OperatorAction
from tests.factories import TeamFactory


@pytest.fixture
def other_team(db) -> Team:
    return TeamFactory(number=7002)


def _minutes(team: Team) -> tuple[float, float, float, float]:
    """Allowed, used, reserved and remaining."""
    [account] = ledger.accounts([team])
    return account.allowed / 60, account.used / 60, account.reserved / 60, account.remaining / 60


def _log() -> list[tuple[str, str, str, str]]:
    return list(OperatorAction.objects.values_list("operator", "kind", "subject", "details"))


def test_a_grant_to_one_team(operator_client: Client, team, other_team) -> None:
    assert operator_client.post(f"/console/minutes/grant/{team.pk}/", {"minutes": "30"}).status_code == 204
    assert _minutes(team) == (630, 0, 0, 630)
    assert _minutes(other_team) == (600, 0, 0, 600)
    assert LedgerEntry.objects.get(reason="granted by olga").seconds == 30 * 60
    assert _log() == [("olga", "grant", "FTC 7001", "30 minutes each, 1 team")]


def test_a_grant_to_all_teams(operator_client: Client, team, other_team) -> None:
    assert operator_client.post("/console/minutes/grant/all/", {"minutes": "30"}).status_code == 204
    assert _minutes(team) == _minutes(other_team) == (630, 0, 0, 630)
    assert _log() == [("olga", "grant", "all teams", "30 minutes each, 2 teams")]


@pytest.mark.parametrize(
    ("minutes", "sentence"),
    [
        ("0", "Grant from 1 to 100,000 minutes at a time."),
        ("-5", "Grant from 1 to 100,000 minutes at a time."),
        ("100001", "Grant from 1 to 100,000 minutes at a time."),
        ("1.5", "Type a whole number of minutes."),
        ("", "Type how many minutes to grant."),
    ],
)
def test_a_grant_that_makes_no_sense_is_refused_in_a_sentence(
    minutes: str, sentence: str, operator_client: Client, team
) -> None:
    answer = operator_client.post(f"/console/minutes/grant/{team.pk}/", {"minutes": minutes})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not LedgerEntry.objects.exists()
    assert _log() == []


def test_a_reset_of_one_team_leaves_what_its_live_jobs_hold(operator_client: Client, team) -> None:
    ended = uuid.uuid4()
    ledger.reserve(team, ended, 200 * 60)
    ledger.settle(ended, used=150 * 60)
    ledger.reserve(team, uuid.uuid4(), 60 * 60)
    assert _minutes(team) == (600, 150, 60, 390)

    assert operator_client.post(f"/console/minutes/reset/{team.pk}/").status_code == 204

    assert _minutes(team) == (600, 0, 60, 540)
    assert _log() == [("olga", "reset", "FTC 7001", "to 600 minutes each, 1 team, +150.0 minutes in sum")]


def test_a_reset_of_all_teams(operator_client: Client, team, other_team) -> None:
    ledger.grant(team, 90 * 60, "for good work")
    assert operator_client.post("/console/minutes/reset/all/").status_code == 204
    assert _minutes(team) == _minutes(other_team) == (600, 0, 0, 600)
    assert _log() == [("olga", "reset", "all teams", "to 600 minutes each, 2 teams, -90.0 minutes in sum")]


def test_nothing_is_granted_when_it_cannot_be_written_down(operator_client: Client, team, monkeypatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the log is broken")

    monkeypatch.setattr("ftcml.console.services.audit.record", broken)
    with pytest.raises(RuntimeError):
        operator_client.post(f"/console/minutes/grant/{team.pk}/", {"minutes": "30"})
    assert not LedgerEntry.objects.exists()


def test_the_page_shows_minutes_and_their_parts(operator_client: Client, team) -> None:
    job_id = uuid.uuid4()
    ledger.reserve(team, job_id, 6000)
    ledger.settle(job_id, used=90)
    page = operator_client.get("/console/minutes/")
    assert [account.remaining for account in page.context["accounts"]] == [36_000 - 90]
    for words in ("FTC 7001", "1.5", "598.5"):
        assert words in page.content.decode()
