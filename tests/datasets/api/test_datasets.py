"""The datasets of API v1, as another program uses them."""

import uuid
from io import BytesIO
from pathlib import Path

import pytest
from django.core.cache import cache
from drf_spectacular.validation import validate_schema

from datasets.models import Dataset
from datasets.services import editing
from ftcml.accounts.services.throttle import ImportThrottle
from tests.datasets.archives import picture, sound_frames, write_zip
from tests.datasets.producing import import_what_waits
from tests.factories import DatasetFactory, TrainingJobFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet() -> None:
    cache.clear()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return write_zip(tmp_path / "set.zip", sound_frames(10) | {"broken.jpg": picture()[:200]})


def send(client, archive: Path | bytes, **fields):
    content = archive if isinstance(archive, bytes) else archive.read_bytes()
    file = BytesIO(content)
    file.name = "set.zip"
    return client.post("/api/v1/datasets/import/", {"file": file, "description": "by a program", **fields})


def test_a_zip_goes_in_and_a_dataset_comes_out(member_api, archive: Path) -> None:
    answer = send(member_api, archive, eval_percent=30)
    assert answer.status_code == 202
    started = answer.json()
    assert started == {"id": started["id"], "state": "PRODUCING"}
    import_what_waits()
    dataset = member_api.get(f"/api/v1/datasets/{started['id']}/").json()
    assert dataset.pop("created").endswith("Z")
    assert dataset == {
        "id": started["id"],
        "description": "by a program",
        "version": 1,
        "archive_format": "voc",
        "eval_percent": 30,
        "keeps_split": False,
        "split_seed": 0,
        "merges_labels": False,
        "state": "READY",
        "reason_code": "",
        "reason_params": {},
        "error": "",
        "repairs": [
            {
                "kind": "picture_skipped",
                "file": "broken.jpg",
                "code": "picture_damaged",
                "params": {},
                "text": "Damaged or not a picture, so we skipped it.",
                "files": 1,
            }
        ],
        "labels": ["ball"],
        "training": {"frames": 7, "negative_frames": 0, "label_counts": {"ball": 7}},
        "evaluation": {"frames": 3, "negative_frames": 0, "label_counts": {"ball": 3}},
        "frames_done": 11,
        "frames_total": 11,
    }


def test_20_percent_are_kept_for_evaluation_unless_said_otherwise(member_api, archive: Path) -> None:
    send(member_api, archive)
    assert Dataset.objects.get().eval_percent == 20


def test_a_large_upload_takes_the_same_way(member_api, archive: Path) -> None:
    """Over 2.5 MB Django keeps it in a file instead of in memory. A zip may stand behind other bytes."""
    send(member_api, bytes(3_000_000) + archive.read_bytes())
    import_what_waits()
    assert Dataset.objects.get().state == Dataset.State.READY


def test_a_dataset_in_the_making_counts_nothing_yet(member_api, team) -> None:
    dataset = DatasetFactory(team=team, state=Dataset.State.PRODUCING, labels=[], counts={})
    answer = member_api.get(f"/api/v1/datasets/{dataset.pk}/").json()
    assert answer["training"] == {"frames": 0, "negative_frames": 0, "label_counts": {}}


@pytest.mark.parametrize(
    ("fields", "detail"),
    [
        ({"eval_percent": 95}, "Enter 0 to 90 percent as evaluation frames."),
        ({"eval_percent": "many"}, "eval_percent: A valid integer is required."),
        ({"description": ""}, "description: This field may not be blank."),
        ({"description": "x" * 31}, "Enter a description of 1 to 30 characters."),
    ],
)
def test_what_is_wrong_at_once_is_refused_at_once(member_api, archive: Path, fields: dict, detail: str) -> None:
    answer = send(member_api, archive, **fields)
    assert answer.status_code == 400
    assert answer.json()["detail"] == detail
    assert not Dataset.objects.exists()


def test_a_file_that_is_no_zip_is_refused_at_once(member_api) -> None:
    answer = send(member_api, b"hello")
    assert answer.status_code == 400
    assert answer.json() == {
        "detail": "That isn't a zip file. Zip your pictures and annotations, then choose that file."
    }


def test_a_request_without_a_file_says_how_to_send_one(member_api) -> None:
    answer = member_api.post("/api/v1/datasets/import/", {"description": "x"})
    assert answer.status_code == 400
    assert answer.json()["fields"] == {"file": ["Send the zip file in this field, as multipart/form-data."]}


def test_json_instead_of_a_form_is_refused_in_json(member_api) -> None:
    answer = member_api.post("/api/v1/datasets/import/", {"description": "x"}, format="json")
    assert answer.status_code == 415
    assert "detail" in answer.json()


def test_a_file_over_the_limit_is_refused_before_it_fills_the_disk(
    member_api, archive, settings, stored_uploads
) -> None:
    settings.IMPORT_MAX_ARCHIVE_BYTES = 100 * 1024
    answer = send(member_api, bytes(400 * 1024))
    assert answer.status_code == 413
    assert answer.json()["detail"].endswith(
        "the limit is 100 kB. Split it into smaller zip files, then import each one."
    )
    assert stored_uploads() == []


@pytest.fixture
def stored_uploads(settings, tmp_path: Path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    return lambda: list(settings.FILE_UPLOAD_TEMP_DIR.iterdir())


def test_while_the_disk_is_nearly_full_a_large_file_is_not_even_received(member_api, settings, stored_uploads) -> None:
    settings.DISK_RESERVE_BYTES = 10**18
    answer = send(member_api, bytes(400 * 1024))
    assert answer.status_code == 413
    assert "disk is nearly full" in answer.json()["detail"]
    assert stored_uploads() == []


def test_while_the_disk_is_nearly_full_nothing_is_taken_in(member_api, archive, settings) -> None:
    settings.DISK_RESERVE_BYTES = 10**18
    answer = send(member_api, archive)
    assert answer.status_code == 400
    assert "disk is nearly full" in answer.json()["detail"]
    assert not Dataset.objects.exists()


def test_imports_are_throttled(member_api, archive, monkeypatch) -> None:
    monkeypatch.setitem(ImportThrottle.THROTTLE_RATES, "import", "2/hour")
    answers = [send(member_api, b"hello").status_code for _ in range(3)]
    assert answers == [400, 400, 429]


def test_the_list_is_paged_and_newest_first(member_api, team) -> None:
    made = [DatasetFactory(team=team) for _ in range(3)]
    page = member_api.get("/api/v1/datasets/?limit=2").json()
    assert page["count"] == 3
    assert [entry["id"] for entry in page["results"]] == [str(made[2].pk), str(made[1].pk)]
    assert page["previous"] is None
    rest = member_api.get(page["next"]).json()
    assert [entry["id"] for entry in rest["results"]] == [str(made[0].pk)]


def test_the_list_can_be_searched_filtered_and_sorted(member_api, team) -> None:
    DatasetFactory(team=team, description="gym", labels=["cone"])
    DatasetFactory(team=team, description="cone pit", labels=["cube"])
    DatasetFactory(team=team, description="cone attic", state="FAILED", labels=[], counts={})

    def found(query: str) -> list[str]:
        return [entry["description"] for entry in member_api.get(f"/api/v1/datasets/?{query}").json()["results"]]

    assert found("search=cone&ordering=description") == ["cone attic", "cone pit", "gym"]
    assert found("search=cone&state=READY") == ["cone pit", "gym"]
    assert found("search=&state=&ordering=-description") == ["gym", "cone pit", "cone attic"]
    page = member_api.get("/api/v1/datasets/?search=cone&ordering=description&limit=2").json()
    assert page["count"] == 3
    assert [entry["description"] for entry in member_api.get(page["next"]).json()["results"]] == ["gym"]


@pytest.mark.parametrize("query", ["state=LOST", "ordering=team", "search=%00"])
def test_a_list_that_cannot_be_made_is_refused_with_the_name_of_the_field(member_api, query: str) -> None:
    answer = member_api.get(f"/api/v1/datasets/?{query}")
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [query.split("=")[0]]


def test_a_longer_list_needs_no_more_queries(member_api, team, django_assert_max_num_queries) -> None:
    for _ in range(30):
        DatasetFactory(team=team)
    with django_assert_max_num_queries(5):
        assert len(member_api.get("/api/v1/datasets/").json()["results"]) == 30


def test_deleting(member_api, team) -> None:
    dataset = DatasetFactory(team=team)
    assert member_api.delete(f"/api/v1/datasets/{dataset.pk}/").status_code == 204
    assert member_api.get(f"/api/v1/datasets/{dataset.pk}/").status_code == 404


def test_a_dataset_that_a_model_uses_cannot_be_deleted(member_api, team) -> None:
    dataset = DatasetFactory(team=team, description="day")
    TrainingJobFactory(team=team, description="first try", dataset=dataset)
    answer = member_api.delete(f"/api/v1/datasets/{dataset.pk}/")
    assert answer.status_code == 409
    assert answer.json()["detail"] == (
        "“day” was used to train “first try”. The pages of that model and More Training still need its frames. "
        "Delete that model first, on the Models tab. If a model is in the trash, click Delete Now there."
    )


def test_another_team_sees_nothing(outsider_api, team) -> None:
    dataset = DatasetFactory(team=team)
    assert outsider_api.get("/api/v1/datasets/").json()["results"] == []
    for method in (outsider_api.get, outsider_api.delete):
        answer = method(f"/api/v1/datasets/{dataset.pk}/")
        assert answer.status_code == 404
        assert answer.json() == {"detail": "Your team has no such item. It may have been deleted."}
    assert Dataset.objects.filter(pk=dataset.pk).exists()


def test_what_is_worth_knowing_before_training_on_it(member_api, outsider_api, archive: Path) -> None:
    address = f"/api/v1/datasets/{send(member_api, archive).json()['id']}/inspection/"
    assert member_api.get(address).status_code == 409
    import_what_waits()
    found = member_api.get(address).json()
    assert (found["ready"], found["frames_looked_at"]) == (True, 10)
    assert found["sizes"] == {"ball": [0, 0, 0, 0, 10, 0]}
    assert (found["near_duplicate_frames"], found["near_duplicate_pairs"]) == (2, 16)
    assert found["near_duplicates"][0]["evaluation"]["filename"].startswith("frame-")
    assert {warning["kind"] for warning in found["warnings"]} == {
        "near_duplicates",
        "few_frames",
        "few_boxes",
        "no_negative",
    }
    assert outsider_api.get(address).status_code == 404


def test_a_dataset_imported_earlier_is_not_looked_at_yet(member_api, team) -> None:
    found = member_api.get(f"/api/v1/datasets/{DatasetFactory(team=team).pk}/inspection/").json()
    assert (found["ready"], found["frames_looked_at"], found["warnings"]) == (False, 0, [])


@pytest.mark.parametrize("dataset_id", [str(uuid.UUID(int=1)), "1", "no-such-id", "%00"])
def test_an_id_that_does_not_exist_is_a_404(member_api, dataset_id: str) -> None:
    answer = member_api.get(f"/api/v1/datasets/{dataset_id}/")
    assert answer.status_code == 404
    assert "detail" in answer.json()


def test_a_method_that_does_not_exist_is_an_error_in_json(member_api) -> None:
    answer = member_api.put("/api/v1/datasets/", {})
    assert answer.status_code == 405
    assert "detail" in answer.json()


def test_an_error_of_the_server_shows_no_trace(member_api, monkeypatch) -> None:
    def break_down(team):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("ftcml.accounts.services.ledger.balance_of", break_down)
    answer = member_api.get("/api/v1/team/")
    assert answer.status_code == 500
    assert answer.json()["detail"].startswith("Something broke on the server.")
    assert "secret" not in answer.content.decode()


def test_the_schema_tells_of_every_endpoint(member_api) -> None:
    schema = member_api.get("/api/v1/schema/?format=json").json()
    validate_schema(schema)
    assert {"/api/v1/token/", "/api/v1/team/", "/api/v1/datasets/", "/api/v1/datasets/import/"} <= set(schema["paths"])
    assert {"get", "delete"} <= set(schema["paths"]["/api/v1/datasets/{dataset_id}/"])


def test_a_dataset_is_renamed(member_api, outsider_api, team) -> None:
    dataset = DatasetFactory(team=team)
    address = f"/api/v1/datasets/{dataset.pk}/"
    assert (
        member_api.patch(address, {"description": " gym  lights "}, format="json").json()["description"] == "gym lights"
    )
    assert member_api.patch(address, {"description": "x" * 31}, format="json").status_code == 400
    assert outsider_api.patch(address, {"description": "mine"}, format="json").status_code == 404


def test_labels_and_frames_are_changed_in_one_request(member_api, outsider_api, import_zip) -> None:
    dataset = import_zip(sound_frames(5), eval_percent=40)
    first = dataset.frames.filter(split="training").first()
    address = f"/api/v1/datasets/{dataset.pk}/edit/"
    body = {"labels": {"ball": "sphere"}, "frames": {str(first.pk): "deleted"}}
    assert outsider_api.post(address, body, format="json").status_code == 404
    for wrong in ({}, {"labels": {"cube": "x"}}, {"frames": {"9999": "deleted"}}, {"frames": {"one": "deleted"}}):
        assert member_api.post(address, wrong, format="json").status_code == 400
    answer = member_api.post(address, body, format="json")
    assert answer.status_code == 202
    assert member_api.post(address, body, format="json").status_code == 409
    import_what_waits()
    editing.settle()
    copy = member_api.get(f"/api/v1/datasets/{answer.json()['id']}/").json()
    assert (copy["state"], copy["labels"], copy["training"]["frames"]) == ("READY", ["sphere"], 2)
    assert member_api.get(f"/api/v1/datasets/{dataset.pk}/").status_code == 404
