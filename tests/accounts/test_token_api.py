"""POST /api/v1/token/ and GET /api/v1/team/"""

import uuid

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from ftcml.accounts.services import ledger
from tests.factories import PASSWORD, MembershipFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet() -> None:
    cache.clear()


def ask(username: str = "milo", password: str = PASSWORD):
    return APIClient().post("/api/v1/token/", {"username": username, "password": password}, format="json")


def with_token(token: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return client


def test_a_token_opens_the_team(member) -> None:
    token = ask().json()["token"]
    answer = with_token(token).get("/api/v1/team/")
    assert answer.status_code == 200
    assert answer.json() == {
        "number": 7001,
        "program": "FTC",
        "name": "Robo Raccoons",
        "role": "member",
        "members_upload": True,
        "minutes_allowed": 600,
        "minutes_remaining": 600,
    }


def test_minutes_that_a_job_reserved_are_not_remaining(member_api, team) -> None:
    ledger.reserve(team, uuid.uuid4(), 90)
    answer = member_api.get("/api/v1/team/").json()
    assert (answer["minutes_allowed"], answer["minutes_remaining"]) == (600, 598)


def test_a_person_in_two_teams_gets_a_token_for_the_active_one(member) -> None:
    other = MembershipFactory(user=member, team=TeamFactory(number=7100)).team
    member.active_team = other
    member.save()
    assert with_token(ask().json()["token"]).get("/api/v1/team/").json()["number"] == 7100


@pytest.mark.parametrize(("username", "password"), [("milo", "wrong"), ("nobody", PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_sound_alike(member, username: str, password: str) -> None:
    answer = ask(username, password)
    assert answer.status_code == 400
    assert answer.json() == {
        "detail": "That user name and password don't match. Check both, including capital letters, or ask your coach."
    }


def test_a_missing_field_is_named(db) -> None:
    answer = APIClient().post("/api/v1/token/", {"username": "milo"}, format="json")
    assert answer.status_code == 400
    assert answer.json() == {
        "detail": "password: This field is required.",
        "fields": {"password": ["This field is required."]},
    }


@pytest.mark.parametrize("body", [[], "milo", 5, None])
def test_a_body_that_is_no_object_is_an_error_of_the_client(db, body) -> None:
    answer = APIClient().post("/api/v1/token/", body, format="json")
    assert answer.status_code == 400
    assert "detail" in answer.json()


def test_somebody_without_a_team_is_told_what_to_do(db) -> None:
    UserFactory(username="lone")
    assert ask("lone").json() == {"detail": "You aren't on a team yet. Ask your coach to add you."}


def test_guessing_is_slowed_down(member) -> None:
    answers = [ask(password=f"guess {number}") for number in range(11)]
    assert [answer.status_code for answer in answers] == [400] * 10 + [429]
    assert "detail" in answers[-1].json()
    assert ask().status_code == 429, "the right password must wait as well"


@pytest.mark.parametrize("path", ["/api/v1/team/", "/api/v1/datasets/"])
def test_without_a_token_there_is_nothing(db, path: str) -> None:
    answer = APIClient().get(path)
    assert answer.status_code == 401
    assert "detail" in answer.json()


def test_a_made_up_token_is_refused(db) -> None:
    answer = with_token("made-up").get("/api/v1/team/")
    assert answer.status_code == 401
    assert answer.json()["detail"].startswith("This token isn't valid.")


def test_a_token_ends_with_the_membership(member) -> None:
    token = ask().json()["token"]
    member.memberships.get().delete()
    assert with_token(token).get("/api/v1/team/").status_code == 401
