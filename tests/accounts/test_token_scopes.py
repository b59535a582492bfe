"""A token does what its scopes say and no more: at every endpoint of the API, and when it makes other tokens."""

from datetime import timedelta

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.permissions import AllowAny
from rest_framework.test import APIClient

from ftcml.accounts.models import ApiToken, Scope, User
from ftcml.accounts.services import scopes
from ftcml.core import clock
from tests.factories import DatasetFactory, LabelFactory, TrainingJobFactory
from training.states import JobState

pytestmark = pytest.mark.django_db

METHODS = ("get", "post", "put", "patch", "delete", "head")


def program(person: User, *names: str) -> APIClient:
    client = APIClient()
    key = ApiToken.issue(person.memberships.get(), scopes=names)
    client.credentials(HTTP_AUTHORIZATION=f"Token {key}")
    return client


def _endpoints(resolver: URLResolver) -> list[URLPattern]:
    found = [entry for entry in resolver.url_patterns if isinstance(entry, URLPattern)]
    for entry in (one for one in resolver.url_patterns if isinstance(one, URLResolver)):
        found += _endpoints(entry)
    return found


def test_every_endpoint_says_which_scope_each_of_its_methods_needs() -> None:
    api = next(entry for entry in get_resolver().url_patterns if str(entry.pattern) == "api/v1/")
    endpoints = [(entry.name, entry.callback.view_class) for entry in _endpoints(api)]
    closed = [(name, view) for name, view in endpoints if AllowAny not in view.permission_classes]
    assert {name for name, _ in endpoints} - {name for name, _ in closed} == {"api-schema", "api-token"}
    assert all(scopes.HasScope in view.permission_classes for _, view in closed)
    untold = [
        f"{method} {name}"
        for name, view in closed
        for method in METHODS
        if hasattr(view, method) and scopes.needed(view, method.upper()) is None
    ]
    assert untold == [], "Give these views `scopes`, of ftcml/accounts/services/scopes.py."


def test_a_token_that_may_read_changes_nothing(member: User) -> None:
    label, reader = LabelFactory(team=member.memberships.get().team), program(member)
    assert reader.get("/api/v1/labels/").status_code == 200
    answer = reader.post("/api/v1/labels/", {"name": "cube"}, format="json")
    assert (answer.status_code, "scope “label”" in answer.json()["detail"]) == (403, True)
    assert reader.delete(f"/api/v1/labels/{label.pk}/").status_code == 403
    assert program(member, "label").delete(f"/api/v1/labels/{label.pk}/").status_code == 204


def test_scopes_stand_beside_each_other(coach: User) -> None:
    team = coach.memberships.get().team
    job, dataset = TrainingJobFactory(team=team, state=JobState.SUCCEEDED), DatasetFactory(team=team)
    labeler, trainer, manager = (program(coach, scope) for scope in ("label", "train", "admin"))
    addresses = {
        f"/api/v1/datasets/{dataset.pk}/": labeler,
        f"/api/v1/training-jobs/{job.pk}/": trainer,
        f"/api/v1/people/{coach.memberships.get().pk}/": manager,
    }
    for address, entitled in addresses.items():
        for client in (labeler, trainer, manager):
            answer = client.patch(address, {"description": "new", "role": "coach"}, format="json")
            assert answer.status_code == (200 if client is entitled else 403), address


def test_a_scope_gives_a_member_nothing_that_is_for_coaches(member: User) -> None:
    answer = program(member, "admin").post("/api/v1/people/", {"names": ["mia"]}, format="json")
    assert answer.status_code == 403


def test_a_page_of_a_person_needs_no_scope(member_client) -> None:
    answer = member_client.post("/api/v1/labels/", {"name": "cube"}, content_type="application/json")
    assert answer.status_code == 201


def test_a_token_makes_lists_and_revokes_tokens_with_no_more_than_it_has(coach: User) -> None:
    manager = program(coach, "label", "admin")
    refused = manager.post("/api/v1/tokens/", {"name": "pit", "scopes": ["train"]}, format="json")
    assert (refused.status_code, "read, label and admin" in refused.json()["detail"]) == (403, True)
    made = manager.post("/api/v1/tokens/", {"name": "pit", "scopes": ["label"]}, format="json").json()
    pit = APIClient()
    pit.credentials(HTTP_AUTHORIZATION=f"Token {made['token']}")
    current = pit.get("/api/v1/tokens/current/").json()
    assert (current["token"]["name"], current["scopes"], current["team"]) == ("pit", ["read", "label"], 7001)
    assert pit.get("/api/v1/tokens/").status_code == 403
    assert {one["name"] for one in manager.get("/api/v1/tokens/").json()} == {"pit", ""}
    assert manager.delete(f"/api/v1/tokens/{current['token']['id']}/").status_code == 204
    assert pit.get("/api/v1/team/").status_code == 401
    assert manager.delete("/api/v1/tokens/current/").status_code == 204
    assert not ApiToken.objects.exists()


def test_a_program_that_signs_in_asks_for_what_it_needs(member: User) -> None:
    def scopes_of(asked: dict[str, object]) -> list[Scope]:
        body = {"username": member.username, "password": "correct horse battery", **asked}
        assert APIClient().post("/api/v1/token/", body, format="json").status_code == 200
        return ApiToken.objects.latest("pk").scopes

    assert scopes_of({"scopes": ["train"]}) == [Scope.READ, Scope.TRAIN]
    assert scopes_of({}) == list(Scope)


def test_a_token_of_before_there_were_scopes_has_all(member: User) -> None:
    """As the migration leaves it: with what the column has by default."""
    token = ApiToken.objects.create(membership=member.memberships.get(), digest="x")
    assert token.scopes == list(Scope)


def test_the_page_makes_a_token_with_what_is_checked_and_shows_it(member_client, member: User) -> None:
    assert member_client.post("/tokens/add/", {"name": "pit laptop", "scopes": ["label"]}).status_code == 200
    assert ApiToken.objects.get().scopes == [Scope.READ, Scope.LABEL]
    assert "Read, Label" in member_client.get("/tokens/").content.decode()


def test_the_last_use_is_known_to_the_minute(member: User, monkeypatch) -> None:
    client = program(member)
    client.get("/api/v1/team/")
    first = ApiToken.objects.get().last_used
    client.get("/api/v1/team/")
    assert ApiToken.objects.get().last_used == first
    later = clock.now() + timedelta(seconds=61)
    monkeypatch.setattr(clock, "now", lambda: later)
    client.get("/api/v1/team/")
    assert ApiToken.objects.get().last_used == later
