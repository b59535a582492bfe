"""A program that hears no answer sends its request again, and makes one thing all the same."""

import io
import zipfile
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from datasets.models import Dataset
from detector.contract import catalog
from ftcml.accounts.models import ApiToken, Team, User
from ftcml.core import clock
from ftcml.integrations import tasks
from ftcml.integrations.models import KeptAnswer
from ftcml.integrations.services import kept_answers
from tests.factories import DatasetFactory
from tests.processes import at_once
from training.models import TrainingJob
from training.services import jobs
from videos.models import Upload, Video

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("training_worker", "as_often_as_one_likes")]

JOBS = "/api/v1/training-jobs/"


def wanted(team: Team, **other: object) -> dict[str, object]:
    dataset = Dataset.objects.for_team(team).first() or DatasetFactory(team=team)
    body = {"datasets": [str(dataset.pk)], "starting_model": catalog.DEFAULT, "training_steps": 400}
    return {**body, "max_minutes": 60, "description": "a robot", **other}


def ask(client: APIClient, body: dict[str, object], key: str = "one"):
    return client.post(JOBS, body, format="json", headers={"Idempotency-Key": key})


def test_the_same_request_gets_the_first_answer_again(member_api: APIClient, team: Team) -> None:
    first, again = ask(member_api, wanted(team)), ask(member_api, wanted(team), '"one"')
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert (first.headers.get("Idempotent-Replayed"), again.headers["Idempotent-Replayed"]) == (None, "true")
    assert TrainingJob.objects.count() == 1
    assert ask(member_api, wanted(team), "another").json()["id"] != first.json()["id"]


def test_another_request_under_the_key_is_refused(member_api: APIClient, team: Team) -> None:
    ask(member_api, wanted(team))
    answer = ask(member_api, wanted(team, training_steps=500))
    assert (answer.status_code, "another request" in answer.json()["detail"]) == (422, True)
    assert TrainingJob.objects.count() == 1


def test_a_key_is_its_persons_own(member_api: APIClient, coach_api: APIClient, team: Team) -> None:
    assert ask(member_api, wanted(team)).json()["id"] != ask(coach_api, wanted(team)).json()["id"]


def test_what_was_refused_may_be_tried_again(member_api: APIClient, team: Team, monkeypatch) -> None:
    refused = ask(member_api, wanted(team, max_minutes=100_000))
    assert refused.status_code == 400
    assert ask(member_api, wanted(team)).status_code == 201


@pytest.mark.parametrize("key", ["", "a" * 256, "two words", '"open', "é"])
def test_a_key_that_is_none_is_refused(key: str, member_api: APIClient, team: Team) -> None:
    assert ask(member_api, wanted(team), key).status_code == 400
    assert not TrainingJob.objects.exists()


def test_what_was_made_before_the_answer_was_lost_is_found(member_api: APIClient, team: Team, monkeypatch) -> None:
    """As when the server dies between the two."""

    def die(*args: object) -> None:
        raise MemoryError

    with monkeypatch.context() as dying:
        dying.setattr(kept_answers.Claim, "keep", die)
        assert ask(member_api, wanted(team)).status_code == 500
    KeptAnswer.objects.update(held_until=clock.now())
    answer = ask(member_api, wanted(team))
    assert (answer.status_code, answer.json()["id"]) == (201, str(TrainingJob.objects.get().pk))


def test_a_start_that_broke_is_tried_again(member_api: APIClient, team: Team, monkeypatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(jobs, "start", lambda *args: 1 / 0)
        assert ask(member_api, wanted(team)).status_code == 500
    assert ask(member_api, wanted(team)).status_code == 201


def test_an_answer_is_kept_for_a_day(member_api: APIClient, team: Team) -> None:
    first = ask(member_api, wanted(team)).json()["id"]
    KeptAnswer.objects.update(created=clock.now() - kept_answers.KEPT)
    assert ask(member_api, wanted(team)).json()["id"] != first
    KeptAnswer.objects.update(created=clock.now() - kept_answers.KEPT)
    tasks.tidy()
    assert not KeptAnswer.objects.exists()


def test_an_import_and_an_upload_are_made_once(member_api: APIClient, team: Team) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "nothing")

    def send(content: bytes):
        form = {"file": SimpleUploadedFile("cones.zip", content), "description": "cones"}
        return member_api.post("/api/v1/datasets/import/", form, headers={"Idempotency-Key": "zip"})

    first = send(packed.getvalue())
    assert (first.status_code, send(packed.getvalue()).json()) == (202, first.json())
    assert send(packed.getvalue() + b"\0").status_code == 422
    assert Dataset.objects.count() == 1

    def begin(length: str):
        headers = {"Upload-Length": length, "Upload-Metadata": "filename YS5tcDQ=", "Idempotency-Key": "film"}
        return member_api.post("/api/v1/videos/uploads/", headers=headers)

    first = begin("1000")
    assert (first.status_code, begin("1000").headers["Location"]) == (201, first.headers["Location"])
    assert begin("2000").status_code == 422
    assert (Video.objects.count(), Upload.objects.count()) == (1, 1)


def _start(key: str, body: dict[str, object]) -> int:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {key}")
    return ask(client, body).status_code


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_of_two_at_once_one_makes_it_and_the_other_hears_so(member: User, team: Team) -> None:
    start = partial(_start, ApiToken.issue(member.memberships.get()), wanted(team))
    answers = at_once(start, start)
    assert set(answers) <= {201, 409}, answers
    assert start() == 201
    assert TrainingJob.objects.count() == 1
