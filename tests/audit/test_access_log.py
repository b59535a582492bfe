"""Who saw and did what: coaches read it for their team, operators for all, and it is forgotten after a year."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ftcml.accounts.models import Membership, Team, User
from ftcml.audit import tasks
from ftcml.audit.models import AccessEntry
from ftcml.core import clock
from ftcml.core.files import storage
from tests.factories import PASSWORD, DatasetFactory, MembershipFactory, TrainingJobFactory, add_model
from training.models import TrainingJob

pytestmark = pytest.mark.django_db


@pytest.fixture
def trained(team: Team) -> TrainingJob:
    job = TrainingJobFactory(team=team, description="cones 3")
    storage.put(add_model(job).name, ContentFile(b"weights"))
    return job


def said(team: Team) -> list[tuple[str, str, str]]:
    """What was done, by whom, on what; the first thing first."""
    rows = AccessEntry.objects.filter(team=team).order_by("id")
    return [(row.kind, str(row.person), f"{row.other or ''}{row.thing} {row.subject}".strip()) for row in rows]


def test_what_people_do_is_written_down_with_who_did_it(team: Team, coach: User, trained: TrainingJob) -> None:
    milo = MembershipFactory(team=team, user__username="milo")
    dataset = DatasetFactory(team=team, description="old cones")
    client = Client()
    client.post("/sign-in/", {"username": "carla", "password": PASSWORD})
    client.get(f"/models/{trained.pk}/model.tflite")
    client.post("/datasets/delete/", {"dataset": dataset.pk})
    client.post(f"/people/{milo.pk}/role/", {"role": Membership.Role.COACH})
    client.post("/tokens/add/", {"name": "script"})
    client.post(f"/tokens/{coach.memberships.get().tokens.get().pk}/revoke/")
    assert said(team) == [
        ("sign-in", "carla", ""),
        ("downloaded", "carla", "model cones 3"),
        ("trashed", "carla", "dataset old cones"),
        ("role", "carla", "milo coach"),
        ("token-made", "carla", "script"),
        ("token-revoked", "carla", "script"),
    ]


def test_a_program_acts_for_its_person(team: Team, coach: User, trained: TrainingJob) -> None:
    answer = Client().post("/api/v1/token/", {"username": "carla", "password": PASSWORD})
    program = Client(headers={"Authorization": f"Token {answer.json()['token']}"})
    assert program.get(f"/api/v1/training-jobs/{trained.pk}/model.tflite").status_code == 200
    assert said(team) == [("token-made", "carla", ""), ("downloaded", "carla", "model cones 3")]


def test_what_an_operator_looks_at_is_in_the_teams_log(
    operator_client: Client, coach_client: Client, trained: TrainingJob
) -> None:
    operator_client.get(f"/console/jobs/{trained.pk}/")
    operator_client.get("/admin/")
    page = coach_client.get("/people/log/").content.decode()
    assert "Looked in the console" in page
    assert "cones 3" in page
    shown = operator_client.get("/console/access/?team=7001").content.decode()
    assert "Looked in the console" in shown
    assert "FTC 7001" in shown


def test_a_person_who_left_has_no_name(coach_client: Client, team: Team) -> None:
    milo = MembershipFactory(team=team, user__username="milo")
    AccessEntry.objects.create(kind=AccessEntry.Kind.SIGN_IN, team=team, person=milo.user)
    assert "milo" in coach_client.get("/people/log/").content.decode()
    milo.user.delete()
    assert "someone who left" in coach_client.get("/people/log/").content.decode()


def test_members_and_other_teams_see_none_of_it(member_client: Client, outsider_client: Client, team: Team) -> None:
    AccessEntry.objects.create(kind=AccessEntry.Kind.DOWNLOADED, team=team, subject="secret cones")
    assert member_client.get("/people/log/").status_code == 403
    assert "secret cones" not in outsider_client.get("/people/log/").content.decode()


def test_it_is_forgotten_after_a_year(team: Team, settings) -> None:
    for days in (1, settings.ACCESS_LOG_DAYS + 1):
        AccessEntry.objects.create(kind="sign-in", team=team, at=clock.now() - timedelta(days=days))
    tasks.tidy()
    assert AccessEntry.objects.count() == 1


def test_a_page_asks_no_more_often_for_many(coach_client: Client, team: Team) -> None:
    def queries() -> int:
        AccessEntry.objects.create(kind="sign-in", team=team, person=MembershipFactory(team=team).user)
        with CaptureQueriesContext(connection) as asked:
            coach_client.get("/people/log/")
        return len(asked)

    assert queries() == queries() <= 9


def test_a_look_costs_one_insert(trained: TrainingJob, coach_client: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        coach_client.get(f"/models/{trained.pk}/model.tflite")
    changes = [query["sql"] for query in asked if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert len(changes) == 1
